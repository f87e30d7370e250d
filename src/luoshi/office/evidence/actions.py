"""Keeping a file: the row that names bytes which are safely on disk."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, Result, action
from luoshi.office.evidence import intake
from luoshi.office.evidence.checks.duplicates import bands
from luoshi.office.evidence.models import FingerprintBand, StoredFile

SENDERS: Grants = dict.fromkeys(
    (
        "officer", "unit_head", "town_clerk", "village_clerk", "supervisor", "leading_office", "county_head", "editor",
        "disclosure_officer", "system",
    ),
    "own",
)  # fmt: skip


class StoreInputs(Inputs):
    """The receipt that the upload was answered with."""

    receipt: Annotated[
        str,
        Field(title="回执 Receipt", description="上传文件后得到的回执 / what the upload returned", max_length=60_000),
    ]


class _Sender:
    """Whoever hands a file in: a file is its sender's own until it is attached."""

    pk = ""

    def __init__(self, where: Where) -> None:
        self.where = where


def _sender(call: Call, inputs: StoreInputs) -> _Sender:
    return _Sender(Where(call.actor.county_id, account_id=call.actor.account_id))


@action(
    "evidence.store",
    Words("上传材料", "Upload a file"),
    subject="file",
    grants=SENDERS,
    inputs=StoreInputs,
    load=_sender,
    where=lambda sender: sender.where,
)
def store_file(call: Call, sender: _Sender, inputs: StoreInputs) -> Done:
    """Name a received file in the database; the same bytes are one row, whoever hands them in."""
    facts = intake.read_receipt(call.actor, inputs.receipt)
    if not intake.store().path(facts["digest"]).is_file():
        raise Problem(
            facts["name"],
            Words("文件没有收到。", "The file did not arrive."),
            Words("请重新上传文件。", "Upload the file again."),
            status=422,
        )
    file, made = StoredFile.objects.get_or_create(
        county_id=call.actor.county_id, digest=facts["digest"], defaults=_columns(call, facts)
    )
    if made and file.fingerprint:
        FingerprintBand.objects.bulk_create(
            FingerprintBand(county_id=file.county_id, file=file, band=band) for band in bands(file.fingerprint)
        )
    doubts = [f["code"] for f in facts["findings"] if f["level"] in ("ask", "warn")]
    return Done(
        Words(f"上传“{facts['name']}”。", f"Uploaded “{facts['name']}”."),
        after={"digest": file.digest, "size": file.size, "media_type": file.media_type, "doubts": doubts},
        values={"file": file.pk, "digest": file.digest, "findings": facts["findings"]},
        subject_id=file.pk,
    )


def _columns(call: Call, facts: dict[str, Any]) -> dict[str, Any]:
    captured = facts.get("captured_at")
    return {
        "size": facts["size"],
        "media_type": facts["media_type"],
        "name": facts["name"],
        "stored_at": call.now,
        "stored_by_id": call.actor.account_id,
        "findings": facts["findings"],
        "captured_at": dt.datetime.fromisoformat(captured) if captured else None,
        "latitude": facts.get("latitude"),
        "longitude": facts.get("longitude"),
        "fingerprint": facts.get("fingerprint", ""),
    }


def receive(call: Call, name: str, pieces: Iterable[bytes]) -> Result:
    """Take one file in and keep it: what pages and the API call. ``values`` hold ``file``, ``digest``, ``findings``."""
    return store_file(call, receipt=intake.take_in(call.actor, call.now, name, pieces))
