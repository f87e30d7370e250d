"""A unit's form filled from the county's records: the live draft, or the frozen version once it is confirmed."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.indicators.registry import Asked, Figure, Source, Unknown
from luoshi.supervision.reporting import facts, forms, sheet
from luoshi.supervision.reporting.forms import Form
from luoshi.supervision.reporting.models import Answer, Correction, Filing, FilingVersion
from luoshi.supervision.reporting.sheet import Corrected, Given, Known, RowOf, Sheet

DRAFTS = ("drafting", "sent_back")
SENT = ("submitted", "received")


def rows() -> QuerySet[Filing]:
    """Return the filings with all that filling them needs."""
    return Filing.objects.select_related("round__plan", "unit__place", "recipient", "duty")


def form_of(filing: Filing) -> Form:
    """Return the form in the version this round uses."""
    return forms.form(filing.round.form, filing.round.form_on)


def title_of(filing: Filing) -> Words:
    """Return what this form is called, with its stage where it closes one."""
    title, held = form_of(filing).title, filing.round
    if not held.stage_zh:
        return title
    return Words(f"{title.zh}（{held.stage_zh}）", f"{title.en} ({held.stage_en})")


def asked_for(filing: Filing, now: dt.datetime) -> Asked:
    """Return for whom and for which period the figures of this form are wanted."""
    held = filing.round
    return Asked(filing.county_id, filing.unit_id, held.from_on, held.to_on, now, held.plan_id)


def sheet_of(filing: Filing, now: dt.datetime) -> Sheet:
    """Return the form as it stands: a draft worked out anew, anything later as it was confirmed."""
    if filing.state in DRAFTS:
        return draft(filing, now)
    return sheet.thaw(version_of(filing).sheet)


def version_of(filing: Filing, number: int | None = None) -> FilingVersion:
    """Return a version of the form, the last one unless a number is given."""
    return FilingVersion.objects.get(filing_id=filing.pk, number=number or filing.version)


def draft(filing: Filing, now: dt.datetime) -> Sheet:
    """Return the form filled from what is known at this moment."""
    asked, form = asked_for(filing, now), form_of(filing)
    known = Known(
        asked, now.astimezone(COUNTY_ZONE).date(), forms.questions(), lambda of: rows_of(of, asked),
        _answers(filing, form), _corrections(filing), lambda code, cell: _total(asked, code, cell),
    )  # fmt: skip
    return sheet.fill(form, known)


def rows_of(of: str, asked: Asked) -> Sequence[RowOf]:
    """Return the records a table has a row for: the unit's shares, or its targets with a number."""
    if of == "shares":
        return [RowOf(s.id, s.label) for s in facts.of_unit(asked).shares]
    return [RowOf(g.id, g.label) for g in facts.goals(asked)]


def _answers(filing: Filing, form: Form) -> dict[tuple[str, str], Given]:
    """Return the unit's last answer to each question of the form, whichever form it was given in."""
    wanted = {c.question for b in form.blocks for c in b.cells if c.question}
    mine = Answer.objects.filter(county_id=filing.county_id, unit_id=filing.unit_id, question__in=wanted)
    last = [row["last"] for row in mine.values("question", "about").annotate(last=Max("pk")).order_by()]
    found = Answer.objects.filter(pk__in=last).select_related("filing__round")
    return {
        (a.question, a.about): Given(
            a.value, a.answered_on, a.valid_until, a.filing_id == filing.pk,
            forms.form(a.filing.round.form, a.filing.round.form_on).title,
        )
        for a in found
    }  # fmt: skip


def _corrections(filing: Filing) -> dict[str, Corrected]:
    return {
        c.cell: Corrected(c.computed, c.value, c.reason, c.corrected_on)
        for c in Correction.objects.filter(filing_id=filing.pk)
    }


def _total(asked: Asked, code: str, cell: str) -> Figure | Unknown:
    """Add up one cell over the last form each unit has sent: what units reported is never typed a second time."""
    sent = asked.once(("sent", code), lambda: _last_sent(asked, code))
    values = [v for v in (_value_in(s, cell) for s in sent) if v is not None]
    title = next((f.title for f in forms.forms() if f.code == code), Words(code, code))
    if not values:
        return Unknown(Words(f"还没有单位报送“{title.zh}”。", f"No unit has sent “{title.en}” yet."))
    told = Words(f"{len(values)}个单位最近一期“{title.zh}”", f"The last “{title.en}” of {len(values)} units")
    total = sum(values, Decimal(0))
    whole = int(total) if total == total.to_integral_value() else total
    return Figure(whole, (Source(told, len(values), f"{reverse('filing-rounds')}?form={code}"),))


def _last_sent(asked: Asked, code: str) -> list[dict[str, Any]]:
    sent = Filing.objects.filter(
        county_id=asked.county_id, round__plan_id=asked.plan_id or 0, round__form=code, round__to_on__lte=asked.to_on,
        state__in=SENT,
    )  # fmt: skip
    last: dict[int, tuple[int, int]] = {}
    for unit_id, pk, version in sent.order_by("round__to_on", "pk").values_list("unit_id", "pk", "version"):
        last[unit_id] = pk, version
    wanted = {pk: version for pk, version in last.values()}
    found = FilingVersion.objects.filter(filing_id__in=wanted).values_list("filing_id", "number", "sheet")
    return [held for filing_id, number, held in found if wanted[filing_id] == number]


def _value_in(held: dict[str, Any], key: str) -> Decimal | None:
    for block in held["blocks"]:
        for row in block["rows"]:
            for cell in row["cells"]:
                if cell["key"] == key and cell["value"] is not None and not isinstance(cell["value"], dict):
                    return Decimal(str(cell["value"]))
    return None
