"""A file on its way in: received, looked at, kept, and vouched for by a signed receipt that the action reads.

The receipt binds bytes, findings and sender together, so that nobody can claim a file by knowing its digest.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.evidence.checks import Finding, worst
from luoshi.office.evidence.checks.content import FileRules, check_file
from luoshi.office.evidence.checks.exif import read_facts
from luoshi.office.evidence.checks.image import fingerprint
from luoshi.office.evidence.checks.kinds import sniff
from luoshi.office.evidence.checks.photo import Setting, check_photo, taken_at
from luoshi.office.evidence.store import FileStore, Received
from luoshi.office.people.models import Place

_SALT = "luoshi.evidence.receipt"
_PHOTOS = frozenset({"jpg", "png", "webp"})
NAME_LENGTH = 120


def store() -> FileStore:
    """Return this installation's store."""
    return FileStore(Path(settings.LUOSHI_FILES))


def take_in(actor: Actor, now: dt.datetime, name: str, pieces: Iterable[bytes]) -> str:
    """Receive one file and return its receipt. ``Problem`` names the file when it is too large or not to be taken."""
    kept = store()
    name = clean_name(name)
    received = kept.receive(name, pieces, settings.LUOSHI_UPLOAD_LIMIT)
    try:
        facts = _looked_at(actor, now, name, received)
    except BaseException:
        kept.drop(received)
        raise
    kept.keep(received)
    sender = [actor.county_id, actor.account_id]
    # Without a time in it, so that the same upload sent twice has the same receipt and is one request.
    return signing.Signer(salt=_SALT).sign_object({"sender": sender, "file": facts})


def read_receipt(actor: Actor, receipt: str) -> dict[str, Any]:
    """Return what a receipt vouches for; a receipt of somebody else or of nobody is a ``Problem``."""
    try:
        said = signing.Signer(salt=_SALT).unsign_object(receipt)
    except signing.BadSignature as fault:
        raise _not_received() from fault
    if said["sender"] != [actor.county_id, actor.account_id]:
        raise _not_received()
    return dict(said["file"])


def clean_name(name: str) -> str:
    """Return the sender's file name without folders and control characters, at most ``NAME_LENGTH`` long."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    bare = "".join(c for c in bare if c.isprintable()).strip().lstrip(".") or "未命名"
    stem, dot, ending = bare.rpartition(".")
    return bare if len(bare) <= NAME_LENGTH else f"{stem[: NAME_LENGTH - 12]}{dot}{ending[:10]}"


def _looked_at(actor: Actor, now: dt.datetime, name: str, received: Received) -> dict[str, Any]:
    findings = check_file(name, received.path, FileRules(max_bytes=settings.LUOSHI_UPLOAD_LIMIT))
    refused = next((f for f in findings if f.level == "refuse"), None)
    if refused is not None:
        remedy = refused.remedy or Words("请更换文件后上传。", "Upload another file.")
        raise Problem(name, refused.words, remedy, status=422)
    kind = sniff(received.path)
    assert kind is not None, "a file of unknown kind is refused above"
    facts: dict[str, Any] = {
        "digest": received.digest, "size": received.size, "media_type": kind.media_type, "name": name,
    }  # fmt: skip
    if kind.kind in _PHOTOS:
        more, about = _photo(actor, now, received.path.read_bytes())
        findings, facts = [*findings, *more], {**facts, **about}
    assert worst(findings) != "refuse", "photo checks never refuse"
    return {**facts, "findings": [f.as_json() for f in findings]}


def _photo(actor: Actor, now: dt.datetime, data: bytes) -> tuple[list[Finding], dict[str, Any]]:
    home = _home(actor)
    findings = check_photo(data, Setting(now, home or (0.0, 0.0)))
    if home is None:  # without a position of its own or of the county, nothing is said of the sun
        findings = [f for f in findings if f.facts.get("place") != "home"]
    said = read_facts(data)
    moment = taken_at(said, COUNTY_ZONE)
    about: dict[str, Any] = {"captured_at": moment.isoformat() if moment else None, "fingerprint": fingerprint(data)}
    if said.position:
        about["latitude"], about["longitude"] = said.position
    return findings, about


def _home(actor: Actor) -> tuple[float, float] | None:
    """Return (latitude, longitude) of the nearest place above the actor that has one."""
    path = actor.place_path or ""
    above = ["/".join(path.split("/")[:n]) for n in range(len(path.split("/")), 0, -1)]
    known = Place.objects.filter(county_id=actor.county_id, latitude__isnull=False, longitude__isnull=False)
    rows = {p.path: (p.latitude, p.longitude) for p in known.filter(path__in=above)}
    for one in above:
        if one in rows:
            return rows[one]  # type: ignore[return-value]
    county = known.filter(kind="county").first()
    return (county.latitude, county.longitude) if county else None  # type: ignore[return-value]


def _not_received() -> Problem:
    return Problem(
        "receipt",
        Words("这个文件不是由本人在此上传的。", "This file was not uploaded here by the same person."),
        Words("请重新上传文件。", "Upload the file again."),
        status=422,
    )
