"""Inputs of actions that must never be read in the journal, in a log or in an error.

The journal keeps a digest of every action's inputs. A plain digest of a password or an ID number could be found again
by trying them all, so these types either go into the digest under the installation's key, or not at all.
"""

import hashlib
import hmac
from typing import Annotated

from django.conf import settings
from pydantic import Field, PlainSerializer, SecretStr


def _keyed(value: SecretStr) -> str:
    key = hashlib.sha256(b"input" + settings.LUOSHI_DATA_KEY).digest()
    return hmac.new(key, value.get_secret_value().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


Secret = Annotated[SecretStr, Field(max_length=1000), PlainSerializer(_keyed, when_used="json")]
"""A password, code or personal number as a person typed it; the inputs' digest sees a keyed hash."""

LongSecret = Annotated[SecretStr, Field(max_length=20_000), PlainSerializer(_keyed, when_used="json")]
"""A letter of somebody who must stay unknown; as ``Secret``, only longer."""

Unjournalled = Annotated[SecretStr, Field(exclude=True)]
"""Something a shell made or looked up for this one call; it differs from try to try and is no part of the request."""


def empty() -> SecretStr:
    """Return an empty secret, for a field that may be left out."""
    return SecretStr("")
