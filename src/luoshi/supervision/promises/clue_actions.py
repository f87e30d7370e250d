"""Clues of citizens: taken without an account, brought to a desk that is not concerned, answered within their days.

Nothing of a clue's text, of its contact or of whom it is about enters the journal: who reads the journal may sit in
the unit complained of.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import actions as evidence
from luoshi.office.evidence import attach
from luoshi.office.evidence.models import Attachment, StoredFile
from luoshi.office.people.actions import missing
from luoshi.office.people.models import County, Place, Post, Unit
from luoshi.office.people.secret import LongSecret, Secret, empty
from luoshi.office.plans.models import Task
from luoshi.office.vault import blind_index
from luoshi.supervision.models import Assignment
from luoshi.supervision.promises import publicity, routing, terms
from luoshi.supervision.promises.actions import require_clean
from luoshi.supervision.promises.models import Clue
from luoshi.supervision.promises.readables import DESK, units_of

CODE, TEXT = "clue.code", "clue.text_index"
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # pragma: allowlist secret
_DESKS = ("supervisor", "auditor", "county_head")
"""In this order the offices that look into clues; the first that is not concerned takes one."""


class File(Inputs):
    """What is told: about a task or a unit or in general, where, how to reach the sender; all but the text optional."""

    keeps_no_sender: ClassVar[bool] = True
    text: LongSecret
    code: Annotated[str, Field(min_length=8, max_length=40)]
    task_id: int | None = None
    unit_id: int | None = None
    place: Annotated[str, Field(max_length=60)] = ""
    contact: Secret = empty()
    may_publish: bool = False
    receipt: Annotated[str, Field(max_length=60_000)] = ""


class Pick(Inputs):
    """One clue."""

    clue: int


class HandOver(Pick):
    """One clue and the unit that looks into it from now on."""

    unit_id: int


class Answer(Pick):
    """What the sender is told. Whoever is not taken up is told why and where to turn."""

    outcome: Literal["answered", "dismissed"]
    answer: LongSecret


class Publish(Pick):
    """The clue and its answer in words for everybody, without any person in them."""

    public_text: Annotated[str, Field(min_length=4, max_length=1000)]
    public_answer: Annotated[str, Field(min_length=4, max_length=2000)]


@dataclass(frozen=True, slots=True)
class Box:
    """The county's box, locked so that numbers stay in order."""

    county: County
    pk: str = ""


def code_of(request_id: str) -> str:
    """Return the secret for one sent form: the same form sent twice gets the same one, and nobody can guess it."""
    number = int(blind_index(f"code:{request_id}", CODE)[:24], 16)
    made = ""
    for _ in range(12):
        number, at = divmod(number, len(_LETTERS))
        made += _LETTERS[at]
    return made


def _box(call: Call, inputs: File) -> Box:
    return Box(County.objects.select_for_update().get(pk=call.actor.county_id))


@action(
    "clue.file",
    Words("反映问题线索", "Send a clue"),
    subject="clue",
    grants={"public": "public"},
    inputs=File,
    load=_box,
    where=lambda box: Where(box.county.pk),
)
def file_clue(call: Call, box: Box, inputs: File) -> Done | Refused:
    """Take a clue, give it a number, bring it to a desk it does not concern, open the duty with its day."""
    county, text = box.county, _text(inputs.text, "text", 10, 3000)
    contact = _text(inputs.contact, "contact", 0, 200)
    if (refused := _flooded(county, text, call.today)) is not None:
        return refused
    task, complained = _about(county, inputs, call.today)
    unit_id = desk_for(county.pk, complained)
    if unit_id is None:
        return refuse(
            "no_free_desk",
            "本县能受理线索的单位都与这件事有关，不能由它们自己查自己。",
            "Every office here that looks into clues is concerned itself.",
            Words(
                "请向上一级政府督查机构或 12345 热线反映。",
                "Turn to the supervision office of the city, or call 12345.",
            ),
        )
    place = Place.objects.filter(county=county, code=inputs.place).first() if inputs.place else None
    due_on = default_calendar().add_working_days(call.today, terms.figure(county.pk, terms.ANSWER, call.today))
    row = Clue.objects.create(
        county=county,
        number=_next_number(county, call.today),
        code_index=blind_index(inputs.code.strip().upper(), CODE),
        text_index=_index(text),
        task=task,
        place=place,
        text=text,
        contact=contact,
        may_publish=inputs.may_publish,
        unit_id=unit_id,
        received_on=call.today,
        due_on=due_on,
    )
    row.complained.set(complained)
    photos = _keep_photo(call, inputs.receipt, row)
    title = Words(f"办理问题线索 {row.number}", f"Look into clue {row.number}")
    verbs.open_duties([verbs.Opening(county.pk, unit_id, title, "clue", row.pk, due_on)], call.today)
    return Done(
        Words(f"收到问题线索 {row.number}", f"Clue {row.number} received"),
        after={"state": "received", "due_on": str(due_on), "unit": row.unit.code, "photos": photos},
        values={"number": row.number, "due_on": str(due_on), "clue": row.pk},
        subject_id=row.pk,
    )


def _text(given: SecretStr, place: str, least: int, most: int) -> str:
    text = given.get_secret_value().strip()
    if least <= len(text) <= most and "\0" not in text:
        return text
    raise Problem(
        place,
        Words(
            f"请写{least}到{most}个字，现在是{len(text)}个。",
            f"Write {least} to {most} characters; it has {len(text)}.",
        ),
        Words("请改好后再提交，已填内容还在。", "Change it and send again; what you typed is kept."),
        status=422,
    )


def _index(text: str) -> str:
    return blind_index("".join(text.split()), TEXT)


def _flooded(county: County, text: str, today: dt.date) -> Refused | None:
    if Clue.objects.filter(county=county, text_index=_index(text), state="received").exists():
        return refuse(
            "same_text",
            "内容完全相同的线索已经收到，正在办理。",
            "A clue with exactly this text is being looked into.",
            Words(
                "不用重复提交；有新情况请写清新在哪里。", "No need to send it again; if there is news, say what is new."
            ),
        )
    if Clue.objects.filter(county=county, received_on=today).count() < terms.figure(county.pk, terms.PER_DAY, today):
        return None
    return refuse(
        "box_full",
        "今天网上收到的线索太多，暂时停收。",
        "Too many clues came in over the web today.",
        Words("请明天再提交；紧急情况请拨打 12345。", "Send it tomorrow; in urgent cases call 12345."),
    )


def _about(county: County, inputs: File, today: dt.date) -> tuple[Task | None, list[Unit]]:
    """Return the task and the units that a clue is about: those who work on the task, and the one that is named."""
    units: list[Unit] = []
    task = None
    if inputs.task_id is not None:
        shown = publicity.tasks(county, publicity.shown_plans(county, today))
        task = shown.filter(pk=inputs.task_id).first()
        if task is None:
            raise missing("task_id", "这项公开承诺", "public promise")
        ids = [
            *Assignment.objects.filter(task=task).values_list("unit_id", flat=True),
            *task.parts.values_list("unit_id", flat=True),
        ]
        units += Unit.objects.filter(pk__in=ids)
    if inputs.unit_id is not None:
        named = Unit.objects.filter(county=county, pk=inputs.unit_id).first()
        if named is None:
            raise missing("unit_id", "这个单位", "unit")
        units.append(named)
    return task, list({u.pk: u for u in units}.values())


def desk_for(county_id: int, complained: list[Unit]) -> int | None:
    """Return the unit that looks into a clue about these units."""
    return routing.desk(desks(county_id), shut_to(county_id, [u.pk for u in complained]))


def desks(county_id: int) -> list[int]:
    """Return the units that look into clues, the supervision office first."""
    posts = Post.objects.filter(county_id=county_id, role__in=_DESKS, closed=False).order_by("pk")
    rows = sorted(posts.values_list("role", "unit_id"), key=lambda p: _DESKS.index(p[0]))
    return list(dict.fromkeys(unit_id for _, unit_id in rows))


def shut_to(county_id: int, complained: list[int]) -> frozenset[int]:
    """Return the units that must not look into a clue about these."""
    units = Unit.objects.filter(county_id=county_id)
    parents = dict(units.values_list("pk", "parent_id"))
    members: dict[int, list[int]] = {}
    for outer, inner in units.filter(collective=True, members__isnull=False).values_list("pk", "members"):
        members.setdefault(outer, []).append(inner)
    return routing.concerned(complained, parents, members)


def _next_number(county: County, today: dt.date) -> str:
    numbers = Clue.objects.filter(county=county, number__startswith=f"X{today.year}-")
    last = numbers.order_by("-number").values_list("number", flat=True).first()
    return f"X{today.year}-{int(last[6:]) + 1 if last else 1:05d}"


def _keep_photo(call: Call, receipt: str, row: Clue) -> int:
    """Attach the photo that the sender handed in just now. It is nobody's own: only the clue's desk may open it."""
    if not receipt:
        return 0
    keep: Any = evidence.store_file.run  # within this action: what the box takes in is not the sender's own to keep
    stored = keep(call, None, evidence.StoreInputs(receipt=receipt))
    assert isinstance(stored, Done), "a receipt that was read is kept"
    kept = StoredFile.objects.get(pk=stored.values["file"])
    findings = attach.elsewhere(kept, "clue", str(row.pk))
    Attachment.objects.create(
        county_id=row.county_id, file=kept, subject_kind="clue", subject_id=str(row.pk), findings=findings
    )
    return 1


def own(county_id: int, number: str, code: str) -> Clue | None:
    """Return the sender's clue; a wrong number and a wrong code look alike."""
    key = blind_index(code.strip().upper(), CODE)
    rows = Clue.objects.filter(county_id=county_id, number=number.strip().upper(), code_index=key)
    return rows.first() if key else None


def _picked(call: Call, inputs: Pick) -> Clue:
    rows = Clue.objects.select_for_update(of=("self",)).select_related("unit")
    row = rows.filter(county_id=call.actor.county_id, pk=inputs.clue).first()
    if row is None or row.complained.filter(pk__in=units_of(call.actor)).exists():
        raise missing("clue", "这条线索", "clue")
    return row


def _where(row: Clue) -> Where:
    return Where(row.county_id, frozenset({row.unit_id}))


def still_open(call: Call, row: Clue) -> Outcome:
    """A clue is answered once."""
    if row.state == "received":
        return Granted()
    return refuse(
        "clue_closed",
        "这条线索已经答复。",
        "This clue is answered.",
        Words("有新情况请作为新线索登记。", "New facts come as a new clue."),
    )


def answered(call: Call, row: Clue) -> Outcome:
    """A clue is published with its answer, and only where the sender agreed."""
    if row.state == "received":
        return refuse(
            "not_answered", "还没有答复，不能公开。", "It is not answered yet.", Words("请先答复。", "Answer it.")
        )
    if not row.may_publish:
        return refuse("not_agreed", "反映人没有同意公开。", "The sender did not agree to publication.")
    return Granted()


@action(
    "clue.hand_over",
    Words("转其他单位办理", "Hand a clue over"),
    subject="clue",
    grants=DESK,
    inputs=HandOver,
    load=_picked,
    where=_where,
    why_not=still_open,
)
def hand_over(call: Call, row: Clue, inputs: HandOver) -> Done | Refused:
    """Give a clue to another of the offices that look into clues; one that it concerns is refused."""
    known = desks(row.county_id)
    shut = shut_to(row.county_id, list(row.complained.values_list("pk", flat=True)))
    if inputs.unit_id not in known or inputs.unit_id in shut or inputs.unit_id == row.unit_id:
        return refuse(
            "may_not_take",
            "只能转给与线索无关、有督查或审计岗位的其他单位。",
            "It goes only to another office with a supervising post that it does not concern.",
            Words("请从列表中选择。", "Choose one of the list."),
        )
    was, row.unit = row.unit, Unit.objects.get(pk=inputs.unit_id)
    row.save(update_fields=["unit"])
    if duty := _duty(row):
        verbs.move(duty, row.unit_id)
    return Done(
        Words(f"线索 {row.number} 转{row.unit.words.zh}办理", f"Clue {row.number} handed over to {row.unit.words.en}"),
        before={"unit": was.code},
        after={"unit": row.unit.code},
        values={"clue": row.pk},
    )


@action(
    "clue.answer",
    Words("答复线索", "Answer a clue"),
    subject="clue",
    grants=DESK,
    inputs=Answer,
    load=_picked,
    where=_where,
    why_not=still_open,
)
def answer(call: Call, row: Clue, inputs: Answer) -> Done:
    """Tell the sender in plain words what was found, or why it is not taken up; the duty closes."""
    row.answer = _text(inputs.answer, "answer", 10, 5000)
    row.state, row.answered_on = inputs.outcome, call.today
    row.save(update_fields=["answer", "state", "answered_on"])
    if duty := _duty(row):
        verbs.close(duty, call.today)
    said = Words("答复", "answered") if row.state == "answered" else Words("不予受理并告知", "dismissed and told")
    return Done(
        Words(f"线索 {row.number} 已{said.zh}", f"Clue {row.number} {said.en}"),
        before={"state": "received"},
        after={"state": row.state},
        values={"clue": row.pk},
    )


@action(
    "clue.publish",
    Words("公开线索答复", "Publish an answer"),
    subject="clue",
    grants=DESK,
    inputs=Publish,
    load=_picked,
    where=_where,
    why_not=answered,
)
def publish(call: Call, row: Clue, inputs: Publish) -> Done:
    """Show question and answer to everybody in words without persons. Personal data in them is refused."""
    require_clean("public_text", inputs.public_text, row.county_id)
    require_clean("public_answer", inputs.public_answer, row.county_id)
    if row.contact and _holds(inputs.public_text + inputs.public_answer, row.contact):
        raise Problem(
            "public_text",
            Words("公开文字里有反映人的联系方式。", "The text holds the sender's contact."),
            Words("请删去。", "Take it out."),
            status=422,
        )
    row.public_text, row.public_answer, row.published_on = inputs.public_text, inputs.public_answer, call.today
    row.save(update_fields=["public_text", "public_answer", "published_on"])
    return Done(
        Words(f"公开线索 {row.number} 的答复", f"Published the answer to clue {row.number}"),
        after={"public_text": row.public_text, "public_answer": row.public_answer},
        values={"clue": row.pk},
    )


@action(
    "clue.show_contact",
    Words("查看反映人联系方式", "Look at the sender's contact"),
    subject="clue",
    grants=DESK,
    inputs=Pick,
    load=_picked,
    where=_where,
)
def show_contact(call: Call, row: Clue, inputs: Pick) -> Done:
    """Let one look at the contact be taken; who looked stands in the journal, what was seen does not."""
    return Done(
        Words(f"查看线索 {row.number} 的联系方式", f"Looked at the contact of clue {row.number}"),
        values={"clue": row.pk},
    )


def _holds(text: str, contact: str) -> bool:
    return any(len(part) > 1 and part in text for part in contact.replace("，", " ").replace(",", " ").split())


def _duty(row: Clue) -> Duty | None:
    open_ones = Duty.objects.filter(
        county_id=row.county_id, subject_kind="clue", subject_id=str(row.pk), state__in=("open", "suspended")
    )
    return open_ones.first()
