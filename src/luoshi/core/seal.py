"""Hashing and Merkle seals of the journal.

An entry becomes bytes (``canonical``), bytes become a digest that carries its algorithm's name (``digest``), the
digests of a stretch of the journal become one root (``merkle_root``), and each root is tied to the seal before it
(``chain``). Tree shape and audit paths follow RFC 6962 section 2.1: a leaf is hashed behind a 0x00 byte and a
node behind a 0x01 byte, so that nobody can pass a node off as a leaf. A seal is hashed behind 0x02.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from cryptography.hazmat.primitives import hashes

from luoshi.core.problem import Problem
from luoshi.core.words import Words

Algorithm = Literal["sha256", "sm3"]
ALGORITHMS: tuple[Algorithm, ...] = ("sha256", "sm3")

_LEAF, _NODE, _SEAL = b"\x00", b"\x01", b"\x02"


def canonical(obj: Any) -> bytes:
    """Return the one spelling of a value as UTF-8 JSON: keys sorted by code point, no spaces.

    Days and moments become ISO text, ``Decimal`` and ``UUID`` their own text, so reading the result back and
    spelling it again gives the same bytes. Raises ``Problem`` for what has no such spelling: not-a-number and
    infinite floats, keys that are not text, lone surrogates, sets and other objects.
    """
    try:
        _check_keys(obj, "$")
        return _SPELLED(obj).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _unspellable("$", "残缺的字符", "a broken character (lone surrogate)") from error
    except ValueError as error:
        raise _unspellable("$", "非数值或无穷大", "not-a-number or infinity") from error


def _spell(value: Any) -> Any:
    """Spell what JSON has no word for; called by the encoder for such values only."""
    if isinstance(value, Mapping):
        _check_keys(dict(value), "$")
        return dict(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    kind = type(value).__name__
    raise _unspellable("$", f"类型 {kind}", f"the type {kind}")


_SPELLED = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_spell
).encode


def _check_keys(value: Any, place: str) -> None:
    """Refuse keys that are not text, which JSON would silently turn into text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise _unspellable(place, f"不是文本的键 {key!r}", f"the key {key!r}, which is not text")
            if isinstance(item, (dict, list, tuple)):
                _check_keys(item, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            if isinstance(item, (dict, list, tuple)):
                _check_keys(item, f"{place}[{index}]")


def _unspellable(place: str, zh: str, en: str) -> Problem:
    words = Words(f"内容不能写成规范 JSON：{zh}。", f"This cannot be written as canonical JSON: {en}.")
    remedy = Words(
        "请改用文本、整数、日期、列表或键值表。", "Use text, whole numbers, days, lists or tables of text keys."
    )
    return Problem(place, words, remedy)


def digest(data: bytes, algorithm: str = "sha256") -> str:
    """Return ``"<algorithm>:<hex>"`` of the bytes; raise ``Problem`` for an algorithm that is not in ``ALGORITHMS``."""
    return f"{algorithm}:{_hasher(algorithm)(data).hex()}"


def algorithm_of(text: str) -> str:
    """Return the algorithm a digest names; raise ``Problem`` when it is no digest of ours."""
    name, _, figures = text.partition(":")
    if name not in ALGORITHMS or len(figures) != 64 or not set(figures) <= set("0123456789abcdef"):
        words = Words(f"不是有效的摘要：{text!r}。", f"Not a digest: {text!r}.")
        raise Problem(
            "digest",
            words,
            Words("应为“sha256:”或“sm3:”加 64 位小写十六进制。", "Give 'sha256:' or 'sm3:' and 64 hex digits."),
        )
    return name


def merkle_root(leaves: Sequence[str], algorithm: str = "sha256") -> str:
    """Return the root of the tree over the leaves in their order; of no leaves, the digest of no bytes (RFC 6962)."""
    hashed = _hasher(algorithm)
    level = [hashed(_LEAF + leaf.encode("utf-8")) for leaf in leaves]
    if not level:
        return digest(b"", algorithm)
    while len(level) > 1:
        level = _next_level(level, hashed)
    return f"{algorithm}:{level[0].hex()}"


def _next_level(level: list[bytes], hashed: Callable[[bytes], bytes]) -> list[bytes]:
    """Pair neighbours; an odd last node moves up as it is, which gives the tree of RFC 6962."""
    above = [hashed(_NODE + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def merkle_proof(leaves: Sequence[str], index: int, algorithm: str = "sha256") -> tuple[str, ...]:
    """Return the audit path of one leaf, lowest neighbour first, as hex; raise ``Problem`` for an index outside."""
    if not 0 <= index < len(leaves):
        words = Words(f"没有第 {index} 项。", f"There is no leaf {index}.")
        raise Problem("index", words, Words(f"应在 0 到 {len(leaves) - 1} 之间。", f"Give 0 to {len(leaves) - 1}."))
    hashed = _hasher(algorithm)
    level = [hashed(_LEAF + leaf.encode("utf-8")) for leaf in leaves]
    path: list[str] = []
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour].hex())
        level, index = _next_level(level, hashed), index // 2
    return tuple(path)


def verify_proof(leaf: str, index: int, size: int, proof: Sequence[str], root: str) -> bool:
    """Tell whether ``leaf`` stands at ``index`` in the tree of ``size`` leaves with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    hashed = _hasher(algorithm_of(root))
    here, last, value = index, size - 1, hashed(_LEAF + leaf.encode("utf-8"))
    for step in proof:
        if last == 0 or len(step) != 64:
            return False
        try:
            neighbour = bytes.fromhex(step)
        except ValueError:
            return False
        if here % 2 or here == last:
            value = hashed(_NODE + neighbour + value)
            while here and not here % 2:
                here, last = here // 2, last // 2
        else:
            value = hashed(_NODE + value + neighbour)
        here, last = here // 2, last // 2
    return last == 0 and hmac.compare_digest(value.hex(), root.partition(":")[2])


def chain(previous: str | None, root: str, first_id: int | str, last_id: int | str, sealed_at_iso: str) -> str:
    """Return the seal of one stretch of the journal, tied to the seal before it (None for the first).

    The algorithm is that of ``root``. A previous seal may use another one, so a county can change algorithms.
    """
    algorithm = algorithm_of(root)
    if previous is not None:
        algorithm_of(previous)
    body = {
        "previous": previous,
        "root": root,
        "first_id": first_id,
        "last_id": last_id,
        "sealed_at": sealed_at_iso,
    }
    return digest(_SEAL + canonical(body), algorithm)


def _hasher(algorithm: str) -> Callable[[bytes], bytes]:
    if algorithm == "sha256":
        return lambda data: hashlib.sha256(data).digest()
    if algorithm == "sm3":
        return _sm3()
    words = Words(f"不支持的摘要算法：{algorithm!r}。", f"Unknown hash algorithm: {algorithm!r}.")
    raise Problem("algorithm", words, Words("可用 sha256 或 sm3。", "Use sha256 or sm3."))


def _sm3() -> Callable[[bytes], bytes]:
    """SM3 (GB/T 32905) from hashlib where its OpenSSL has it, else from ``cryptography``."""
    try:
        fresh = hashlib.new("sm3")
    except ValueError:
        return _sm3_of_cryptography

    def hashed(data: bytes) -> bytes:
        state = fresh.copy()  # a copy is cheaper than looking the algorithm up again
        state.update(data)
        return state.digest()

    return hashed


def _sm3_of_cryptography(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()
