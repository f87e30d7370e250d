"""The demo's forms: they open on their days, and units confirm, send, are late and are sent back, by real actions."""

import datetime as dt
import random
from collections.abc import Mapping

from luoshi.core.outcome import Granted
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Action, Call
from luoshi.office.people.models import County
from luoshi.supervision.reporting import actions, filling, forms, opening
from luoshi.supervision.reporting.models import Filing
from luoshi.supervision.reporting.sheet import Filled, Sheet

PLANNED = 24
"""Households a demo town renovates; starts and completions follow the days of the building season."""
SEASON = (dt.date(2023, 5, 1), dt.date(2023, 8, 31))
TEXTS = {
    "problems": ("无", "部分材料价格上涨，农户自筹有困难", "雨天影响施工", "人员调整，衔接需要时间"),
    "practice": ("一户一人帮办，上门收件", "把检查和宣传合在一次下乡里办"),
    "contact-post": ("综合办公室主任", "分管副职"),
}
BACK = "开工户数与现场抽查不一致，请核对后再报。"
People = Mapping[tuple[int, str], Actor]


def one_day(county: County, people: People, day: dt.date, *, at_work: bool) -> None:
    """Open what is due on a day; on days at work let units send, and offices take in or send back."""
    chance = random.Random(f"forms:{day}")  # noqa: S311 - a demo, not a secret
    if opening.pending(county, day):
        _Asking(day, dt.time(8, 35))(actions.open_rounds, Actor(county.pk, "system"))
    if not at_work:
        return
    asked = _Asking(day, dt.time(16))
    due = Filing.objects.filter(county=county, duty__due_on__lte=day + dt.timedelta(days=4))
    for filing in due.filter(state__in=filling.DRAFTS).select_related("duty", "unit").order_by("pk"):
        late = filing.duty is not None and filing.duty.due_on is not None and filing.duty.due_on < day
        if chance.random() < (0.4 if late else 0.3):
            _send(asked, chance, people, filing, day)
    for filing in Filing.objects.filter(county=county, state="submitted").order_by("pk"):
        recipient = people.get((filing.recipient_id, "leading_office"))
        if recipient is not None and chance.random() < 0.5:
            if chance.random() < 0.06 and filing.version == 1:
                asked(actions.send_back, recipient, filing_id=filing.pk, reason=BACK)
            else:
                asked(actions.receive, recipient, filing_id=filing.pk)


class _Asking:
    """Asks actions one after the other from a time of a day on."""

    def __init__(self, day: dt.date, at: dt.time) -> None:
        self.moment = dt.datetime.combine(day, at, COUNTY_ZONE)
        self.count = 0

    def __call__(self, act: Action, actor: Actor, **given: object) -> bool:
        self.count += 1
        moment = self.moment + dt.timedelta(seconds=20 * self.count)
        call = Call(actor, moment, f"demo:forms:{self.moment:%Y%m%d%H}:{self.count}", "web")
        return isinstance(act(call, **given).outcome, Granted)


def _send(asked: _Asking, chance: random.Random, people: People, filing: Filing, day: dt.date) -> None:
    actor = next(
        (a for role in ("town_clerk", "officer", "leading_office") if (a := people.get((filing.unit_id, role)))), None
    )
    if actor is None:
        return
    filing = filling.rows().get(pk=filing.pk)
    sheet = filling.draft(filing, asked.moment)
    answers = {c.key: _answer(c, chance, sheet, day) for c in sheet.cells() if c.origin == "missing" and c.question}
    if answers and not asked(actions.answer, actor, filing_id=filing.pk, answers=answers):
        return
    total = sheet.cell("totals.total")
    if total is not None and chance.random() < 0.05:
        asked(
            actions.correct, actor, filing_id=filing.pk, cell=total.key, value=str(int(total.value) + 1),
            reason="有一项由县里口头交办，系统里还没有。",
        )  # fmt: skip
    if asked(actions.confirm, actor, filing_id=filing.pk):
        asked(actions.submit, actor, filing_id=filing.pk)


def _answer(cell: Filled, chance: random.Random, sheet: Sheet, day: dt.date) -> str:
    """Return what a demo unit answers: counts grow with the season and never shrink, texts are drawn."""
    question = forms.questions()[cell.question]
    if question.kind == "choice":
        return question.choices[0 if chance.random() < 0.8 else 1].zh
    if cell.question in TEXTS:
        return chance.choice(TEXTS[cell.question])
    first, last = SEASON
    gone = min(1.0, max(0.0, (day - first).days / (last - first).days))
    delays = {"housing-started": 1.6, "housing-completed": 1.1, "housing-accepted": 0.9, "housing-paid": 0.8}
    if cell.question == "housing-planned":
        return str(PLANNED)
    if cell.question in delays:
        return str(min(PLANNED, int(PLANNED * gone * delays[cell.question])))
    return str(int(100 * gone))
