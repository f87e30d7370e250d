"""Bearer tokens: 256 random bits that a program or a calendar shows instead of a person; only a digest is kept."""

import hashlib
import re
import secrets

ALGORITHM = "sha256"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def made() -> str:
    """Return a new token."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return the digest under which a token is found, with the name of its algorithm."""
    return f"{ALGORITHM}:{hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()}"


def looks_like_one(token: str) -> bool:
    """Tell whether a text has the shape of a token and is not a person's easy one."""
    return bool(_SHAPE.fullmatch(token)) and len(set(token)) >= 16
