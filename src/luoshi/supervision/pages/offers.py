"""Which acts the pages offer, in which order, and what each asks for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from luoshi.core.words import Words
from luoshi.office.actions import Action, Call
from luoshi.office.fields import Field, Option
from luoshi.office.people.models import Unit
from luoshi.supervision import actions, rules
from luoshi.supervision.actions.consultations import RULINGS, others
from luoshi.supervision.actions.hands import holders
from luoshi.supervision.actions.pieces import units_inside
from luoshi.supervision.models import Assignment

Fields = Callable[[Call, Assignment], tuple[Field, ...]]
FILES = Field(
    "files", Words("材料", "Evidence"), "file", required=False, multiple=True,
    hint=Words(
        "照片、PDF、Word 或 Excel；可选多个。照片请传原图。",
        "Photos, PDF, Word or Excel; several at once. Send original photos.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """One act on a page. ``at_once`` sends it from the button itself; otherwise the button leads to its form."""

    verb: str
    action: Action[Any, Any]
    fields: Fields | None = None

    @property
    def at_once(self) -> bool:
        """Tell whether the act needs nothing more than the click."""
        return self.fields is None


def _text(name: str, zh: str, en: str, hint: Words | None = None) -> Field:
    return Field(name, Words(zh, en), "textarea", hint=hint)


def _reason(call: Call, share: Assignment) -> tuple[Field, ...]:
    return (
        _text("reason", "理由", "Reason", Words("写明原因和依据，会留痕。", "Say why and on what ground; it is kept.")),
    )


def _progress(call: Call, share: Assignment) -> tuple[Field, ...]:
    percent = Field(
        "percent", Words("完成比例（%）", "Done (%)"), "number", str(min(share.percent, 99)), inputmode="numeric",
        minimum="0", maximum="99",
    )  # fmt: skip
    return (*_report(call, share)[:1], percent, FILES)


def _report(call: Call, share: Assignment) -> tuple[Field, ...]:
    hint = Words("做了什么、结果如何、还差什么。", "What was done, with what result, what is missing.")
    return _text("text", "情况说明", "What was done", hint), FILES


def _later(call: Call, share: Assignment) -> tuple[Field, ...]:
    due_on = share.duty.due_on if share.duty else None
    first = (due_on + dt.timedelta(days=1)).isoformat() if due_on else ""
    return Field("due_on", Words("新的期限", "New due day"), "date", minimum=first), *_reason(call, share)


def _person(call: Call, share: Assignment) -> tuple[Field, ...]:
    people = (
        Option(str(h.account_id), Words(f"{h.name}（{h.title.zh}）", f"{h.name} ({h.title.en})"))
        for h in holders(share.unit_id, call)
    )
    chosen = str(share.duty.account_id or "") if share.duty else ""
    nobody = Option("", Words("不指定（全单位可办）", "Nobody (the whole unit)"))
    return (
        Field("account_id", Words("承办人", "Person"), "select", chosen, required=False, options=(nobody, *people)),
    )


def _unit(call: Call, share: Assignment) -> tuple[Field, ...]:
    taken = Assignment.objects.filter(task_id=share.task_id).values("unit_id")
    units = Unit.objects.filter(county_id=share.county_id, collective=False).exclude(pk__in=taken).order_by("short_zh")
    options = tuple(Option(str(u.pk), u.words) for u in units)
    return (
        Field("unit_id", Words("接办单位", "Unit that takes over"), "select", options=options),
        *_reason(call, share),
    )


def _press(call: Call, share: Assignment) -> tuple[Field, ...]:
    steps = tuple(Option(code, words) for code, words in rules.STEPS.items())
    return Field("step", Words("方式", "Step"), "radio", "remind", options=steps), *_reason(call, share)


def _note(call: Call, share: Assignment) -> tuple[Field, ...]:
    return (_text("text", "备注", "Note", Words("只留痕，不改变状态。", "It is kept and changes no state.")),)


def _milestone(call: Call, share: Assignment) -> tuple[Field, ...]:
    hint = Words("到这一天应做到什么，一句话。", "What stands by that day, in one sentence.")
    return Field("words", Words("节点", "Milestone"), hint=hint), _by(call, share, Words("节点日期", "By"))


def _by(call: Call, share: Assignment, label: Words, *, required: bool = True) -> Field:
    due_on = share.duty.due_on if share.duty else None
    last = due_on.isoformat() if due_on and due_on >= call.today else ""
    return Field("due_on", label, "date", required=required, minimum=call.today.isoformat(), maximum=last)


def _split(call: Call, share: Assignment) -> tuple[Field, ...]:
    units = tuple(Option(str(u.pk), u.words) for u in units_inside(share.unit))
    what = Words("每个单位各做什么，一句话。", "What each of them does, in one sentence.")
    return (
        Field("unit_ids", Words("承办的下属单位", "Units inside"), "choices", options=units),
        Field("words", Words("分解事项", "Piece"), hint=what),
        _by(call, share, Words("期限（留空同本分工的期限）", "By (empty: the share's day)"), required=False),
    )


def _consult(call: Call, share: Assignment) -> tuple[Field, ...]:
    units = tuple(Option(str(u.pk), u.words) for u in others(share))
    return (
        Field("unit_id", Words("被征询单位", "Unit asked"), "select", options=units),
        _text(
            "words", "征询内容", "What is asked", Words("需要什么材料、数据或意见。", "Which papers, figures or views.")
        ),
        _by(call, share, Words("回复期限", "Answer by")),
    )


def _ruling(call: Call, share: Assignment) -> tuple[Field, ...]:
    rulings = tuple(Option(code, words) for code, words in RULINGS.items())
    return (
        Field("ruling", Words("裁定", "Ruling"), "radio", options=rulings),
        _by(call, share, Words("新的回复期限（裁定重新回复时）", "New day (where it answers again)"), required=False),
        *_reason(call, share),
    )


SHARE_OFFERS: dict[str, Offer] = {
    offer.verb: offer
    for offer in (
        Offer("accept", actions.accept),
        Offer("start", actions.start),
        Offer("report_done", actions.report_done, _report),
        Offer("report_progress", actions.report_progress, _progress),
        Offer("assign", actions.assign, _person),
        Offer("escalate", actions.escalate, _press),
        Offer("close", actions.close),
        Offer("resume", actions.resume),
        Offer("extend", actions.extend, _later),
        Offer("suspend", actions.suspend, _reason),
        Offer("hand_over", actions.hand_over, _unit),
        Offer("cancel", actions.cancel, _reason),
        Offer("consult", actions.consult, _consult),
        Offer("set_milestone", actions.set_milestone, _milestone),
        Offer("split", actions.split, _split),
        Offer("unsplit", actions.unsplit, _reason),
        Offer("note", actions.note, _note),
    )
}
REPORT_OFFERS: dict[str, Offer] = {
    offer.verb: offer
    for offer in (
        Offer("review_approve", actions.review_approve),
        Offer("review_return", actions.review_return, _reason),
    )
}


def _offers(*offers: Offer) -> dict[str, Offer]:
    return {offer.verb: offer for offer in offers}


INSIDE_OFFERS: dict[str, dict[str, Offer]] = {
    "milestone": _offers(
        Offer("reach_milestone", actions.reach_milestone, _report),
        Offer("drop_milestone", actions.drop_milestone, _reason),
    ),
    "piece": _offers(
        Offer("finish_piece", actions.finish_piece, _report), Offer("drop_piece", actions.drop_piece, _reason)
    ),
    "consultation": _offers(
        Offer("answer", actions.answer, _report),
        Offer("object", actions.disagree, _reason),
        Offer("decide_question", actions.decide_question, _ruling),
        Offer("withdraw_question", actions.withdraw_question, _reason),
    ),
}
"""What may be done with that which hangs on a share, by its kind."""
