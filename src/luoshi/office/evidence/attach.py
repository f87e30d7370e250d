"""Attaching kept files to records, within an action; who may read a file through the records it is attached to."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.access import Actor, Readable
from luoshi.office.actions import Call
from luoshi.office.evidence.checks.duplicates import NEAR, Known, check_duplicates, distance
from luoshi.office.evidence.models import Attachment, FingerprintBand, StoredFile
from luoshi.office.journal.models import Entry

FILE = Readable(
    "file",
    Words("材料", "File"),
    {
        **dict.fromkeys(("officer", "unit_head", "town_clerk", "village_clerk", "editor", "disclosure_officer"), "own"),
        **dict.fromkeys(("supervisor", "leading_office", "county_head", "auditor"), "county"),
    },
    lookups={"own": "stored_by_id"},
)
_HOLDERS: dict[str, tuple[Readable, Callable[[], QuerySet[Any]]]] = {}
_CLOSED: set[str] = set()


def hold(kind: str, readable: Readable, rows: Callable[[], QuerySet[Any]], *, closed: bool = False) -> None:
    """Say that files attached to records of this kind may be read by whoever may read the record.

    ``closed``: by nobody else, whatever the office, and no finding tells that such a record has the same picture.
    """
    assert kind not in _HOLDERS, f"holder declared twice: {kind}"
    _HOLDERS[kind] = (readable, rows)
    if closed:
        _CLOSED.add(kind)


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read a file: its own, by office, or through a record that shows it."""
    if file.county_id != actor.county_id:
        return False
    if handed_in_by(actor, file):
        return True
    uses = list(Attachment.objects.filter(file=file).values_list("subject_kind", "subject_id"))
    closed = bool(uses) and all(kind in _CLOSED for kind, _ in uses)
    if not closed and FILE.visible(actor, StoredFile.objects.filter(pk=file.pk)).exists():
        return True
    return any(_shown(actor, kind, subject_id) for kind, subject_id in uses)


def _shown(actor: Actor, kind: str, subject_id: str) -> bool:
    if kind not in _HOLDERS:
        return False
    readable, rows = _HOLDERS[kind]
    found: QuerySet[Model] = rows().filter(pk=subject_id)
    return readable.visible(actor, found).exists()


def handed_in_by(actor: Actor, file: StoredFile) -> bool:
    """Tell from the journal whether this account handed in these bytes, also when another had done so before."""
    if actor.account_id is None:
        return False
    entries = Entry.objects.filter(
        county_id=actor.county_id, subject_kind="file", subject_id=str(file.pk), account_id=actor.account_id,
        action="evidence.store", outcome="granted",
    )  # fmt: skip
    return entries.exists()


def to(call: Call, file_ids: Sequence[int], kind: str, subject_id: object) -> list[dict[str, Any]]:
    """Attach the actor's own files to a record and return what the journal says of each.

    ``Problem`` for a file that is not there or was handed in by somebody else. Files and near copies that other
    records use are found and kept with the attachment for a person to judge.
    """
    assert door.inside(), "files are attached by an action"
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    rows = {f.pk: f for f in StoredFile.objects.filter(county_id=call.actor.county_id, pk__in=wanted)}
    said = []
    for file_id in wanted:
        file = rows.get(file_id)
        if file is None or not handed_in_by(call.actor, file):
            raise _not_yours(file_id)
        findings = elsewhere(file, kind, str(subject_id))
        Attachment.objects.create(
            county_id=file.county_id, file=file, subject_kind=kind, subject_id=str(subject_id), findings=findings
        )
        doubts = [f["code"] for f in [*file.findings, *findings] if f["level"] in ("ask", "warn")]
        said.append({"file": file.pk, "name": file.name, "digest": file.digest, "doubts": doubts})
    return said


def elsewhere(file: StoredFile, kind: str, subject_id: str) -> list[dict[str, Any]]:
    """Return findings on the same file, or nearly the same picture, in other records of the county."""
    near = {file.pk, *_near(file)}
    uses = Attachment.objects.filter(county_id=file.county_id, file_id__in=near).exclude(subject_kind__in=_CLOSED)
    uses = uses.select_related("file")
    others = [u for u in uses.order_by("pk") if (u.subject_kind, u.subject_id) != (kind, subject_id)]
    known = [Known(_named(u).en, u.file.digest, u.file.fingerprint or "0") for u in others]
    names = {name.en: name.zh for name in map(_named, others)}
    found = [f.as_json() for f in check_duplicates(file.digest, file.fingerprint or "0", known)]
    for finding in found:
        place = finding["facts"]["place"]
        finding["words"]["zh"] = finding["words"]["zh"].replace(place, names[place])
    return found


def _named(use: Attachment) -> Words:
    """Return a record by kind and number; who reads the finding may not be one who reads that record."""
    kind = _HOLDERS[use.subject_kind][0].words if use.subject_kind in _HOLDERS else Words(*[use.subject_kind] * 2)
    return Words(f"{kind.zh}{use.subject_id}号", f"{kind.en} {use.subject_id}")


def _near(file: StoredFile) -> list[int]:
    if not file.fingerprint:
        return []
    bands = list(file.bands.values_list("band", flat=True))
    shared = FingerprintBand.objects.filter(county_id=file.county_id, band__in=bands).exclude(file=file)
    rows = shared.values_list("file_id", "file__fingerprint").distinct()
    return [pk for pk, other in rows if distance(file.fingerprint, other) <= NEAR]


def of(county_id: int, kind: str, subject_ids: Sequence[object]) -> dict[str, list[Attachment]]:
    """Return the attachments of several records by subject id, in the order they were made."""
    found: dict[str, list[Attachment]] = {}
    rows = Attachment.objects.filter(
        county_id=county_id, subject_kind=kind, subject_id__in=[str(s) for s in subject_ids]
    ).select_related("file")
    for row in rows.order_by("pk"):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _not_yours(file_id: int) -> Problem:
    return Problem(
        "files",
        Words(
            f"文件 {file_id} 不存在，或不是由本人上传。",
            f"File {file_id} does not exist or was uploaded by somebody else.",
        ),
        Words("请重新上传这份材料。", "Upload this file again."),
        status=422,
    )
