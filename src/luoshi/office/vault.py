"""Personal data at rest: AES-256-GCM with the algorithm and key named beside each ciphertext, and blind indexes.

The stored form is ``aesgcm1:<key id>:<base64 of nonce and ciphertext>``; the purpose is bound in as associated
data, so that a value cannot be moved to another column unnoticed.
"""

import base64
import hashlib
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from luoshi.core import identity

_ALGORITHM = "aesgcm1"


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> tuple[str, AESGCM]:
    return hashlib.sha256(b"luoshi key id" + key).hexdigest()[:8], AESGCM(key)


def key_id() -> str:
    """Return the id of the data key in use; it tells nothing about the key."""
    return _cipher(settings.LUOSHI_DATA_KEY)[0]


def encrypt(text: str, purpose: str) -> str:
    """Encrypt one value for one purpose (``person.phone``). An empty text stays empty."""
    if not text:
        return ""
    key_id, cipher = _cipher(settings.LUOSHI_DATA_KEY)
    nonce = os.urandom(12)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), purpose.encode())
    return f"{_ALGORITHM}:{key_id}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, purpose: str) -> str:
    """Return the text; a value that was altered, moved or made with another key is a fault, not an answer."""
    if not stored:
        return ""
    algorithm, key_id, body = stored.split(":", 2)
    own_id, cipher = _cipher(settings.LUOSHI_DATA_KEY)
    if algorithm != _ALGORITHM or key_id != own_id:
        raise ValueError(f"{purpose}: encrypted with {algorithm} key {key_id}, this installation holds {own_id}")
    raw = base64.b64decode(body)
    try:
        return cipher.decrypt(raw[:12], raw[12:], purpose.encode()).decode()
    except InvalidTag as fault:
        raise ValueError(f"{purpose}: the stored value was altered or belongs to another column") from fault


def blind_index(value: str, purpose: str) -> str:
    """Return the keyed hash under which a value can be looked up without being readable."""
    if not value:
        return ""
    return identity.blind_index(value, hashlib.sha256(b"index" + settings.LUOSHI_DATA_KEY).digest(), purpose)


class EncryptedText(models.TextField):
    """A text column that is ciphertext in the database and text in Python."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value, self.purpose) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value, self.purpose) if value else value
