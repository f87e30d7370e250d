"""Requests for information: filed by anybody, answered by the disclosure officer's unit, with a clock."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.gazette.models import DisclosureRequest
from luoshi.gazette.publication import request_clock
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.people.actions import missing
from luoshi.office.people.models import County, Person, Post, Unit
from luoshi.office.plans.models import Document
from luoshi.office.plans.values import value_on
from luoshi.office.vault import blind_index

CODE = "disclosure.code"
OPEN = ("received", "asked")


class File(Inputs):
    """Who asks, how they can be reached, what is wanted. ``code`` is the secret the applicant comes back with."""

    name: str = Field(min_length=1, max_length=60)
    contact: str = Field(min_length=5, max_length=120)
    wanted: str = Field(min_length=2, max_length=2000)
    document: str = Field(default="", max_length=80)
    code: str = Field(min_length=8, max_length=40)


class Own(Inputs):
    """The applicant's number and code."""

    number: str = Field(max_length=40)
    code: str = Field(max_length=40)


class Correct(Own):
    """The corrected request."""

    words: str = Field(min_length=2, max_length=2000)


class Pick(Inputs):
    """One request."""

    request: int


class WithReason(Pick):
    """One request and what the applicant is told."""

    words: str = Field(min_length=2, max_length=2000)


class Answer(Pick):
    """The answer. A refusal, whole or in part, says why."""

    outcome: Literal["granted", "partly", "refused", "not_held", "elsewhere"]
    answer: str = Field(min_length=2, max_length=10_000)


@dataclass(frozen=True, slots=True)
class Desk:
    """The county a request is filed with, locked so that numbers stay in order."""

    county: County
    pk: str = ""


def code_of(request_id: str) -> str:
    """Return the secret for one sent form: the same form sent twice gets the same one, and nobody can guess it."""
    letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # pragma: allowlist secret
    number = int(blind_index(f"code:{request_id}", CODE)[:24], 16)
    made = ""
    for _ in range(12):
        number, at = divmod(number, len(letters))
        made += letters[at]
    return made


def _desk(call: Call, inputs: Inputs) -> Desk:
    return Desk(County.objects.select_for_update().get(pk=call.actor.county_id))


@action(
    "request.file",
    Words("提出信息公开申请", "File a request for information"),
    subject="disclosure_request",
    grants={"public": "public"},
    inputs=File,
    load=_desk,
    where=lambda desk: Where(desk.county.pk),
)
def file_request(call: Call, desk: Desk, inputs: File) -> Done | Refused:
    """Take a request, give it a number, start its clock and open the duty. Name and contact are stored encrypted."""
    unit = disclosure_unit(desk.county)
    if unit is None:
        return refuse(
            "no_disclosure_office",
            "本县还没有设信息公开岗位。",
            "The county has no disclosure officer yet.",
            Words("请到县政府办公室当面提出。", "File it in person at the county government office."),
        )
    document = Document.objects.filter(county=desk.county, code=inputs.document).exclude(disclosure="withheld").first()
    if inputs.document and document is None:
        raise missing("document", "这份文件", "document")
    person = Person.objects.create(
        county=desk.county,
        name=inputs.name,
        phone=inputs.contact,
        phone_index=blind_index(inputs.contact, "person.phone"),
    )
    events = [request_clock.event("start", call.now)]
    due = request_clock.due(events, allowance(desk.county.pk, call.today), default_calendar())
    row = DisclosureRequest.objects.create(
        county=desk.county,
        number=_next_number(desk.county, call.today),
        document=document,
        person=person,
        unit=unit,
        wanted=inputs.wanted,
        received_on=call.today,
        code_index=blind_index(inputs.code, CODE),
        events=events,
        due_on=due.on,
    )
    title = Words(f"答复信息公开申请 {row.number}", f"Answer the request for information {row.number}")
    verbs.open_duties([verbs.Opening(desk.county.pk, unit.pk, title, "disclosure_request", row.pk, due.on)], call.today)
    return Done(
        Words(f"收到信息公开申请 {row.number}", f"Request for information {row.number} received"),
        after={
            "state": "received",
            "due_on": str(due.on),
            "unit": unit.code,
            "document": document.code if document else "",
        },
        values={"number": row.number, "due_on": str(due.on), "request": row.pk},
        subject_id=row.pk,
    )


def disclosure_unit(county: County) -> Unit | None:
    """Return the unit in which the county's disclosure officer sits."""
    post = (
        Post.objects.filter(county=county, role="disclosure_officer", closed=False)
        .select_related("unit")
        .order_by("pk")
        .first()
    )
    return post.unit if post else None


def allowance(county_id: int, day: dt.date) -> int:
    """Return the working days within which requests received on ``day`` are answered."""
    return int(value_on(county_id, "gazette", request_clock.ALLOWANCE_KEY, day).value)


def _next_number(county: County, today: dt.date) -> str:
    last = (
        DisclosureRequest.objects.filter(county=county, number__startswith=f"{today.year}-")
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{today.year}-{int(last[5:]) + 1 if last else 1:05d}"


def _picked(call: Call, inputs: Pick) -> DisclosureRequest:
    row = (
        DisclosureRequest.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.request).first()
    )
    if row is None:
        raise missing("request", "这份申请", "request")
    return row


def own(county_id: int, number: str, code: str) -> DisclosureRequest | None:
    """Return the applicant's request; a wrong number and a wrong code look alike."""
    key = blind_index(code.strip().upper(), CODE)
    return (
        DisclosureRequest.objects.filter(county_id=county_id, number=number.strip(), code_index=key).first()
        if key
        else None
    )


def _own(call: Call, inputs: Own) -> DisclosureRequest:
    row = own(call.actor.county_id, inputs.number, inputs.code)
    if row is None:
        raise missing("code", "这份申请（编号或查询码不对）", "such request; number or code is wrong")
    return DisclosureRequest.objects.select_for_update().get(pk=row.pk)


def _where(row: DisclosureRequest) -> Where:
    return Where(row.county_id, frozenset({row.unit_id}))


def still_open(call: Call, row: DisclosureRequest) -> Outcome:
    """A request that was answered or withdrawn is closed."""
    if row.state in OPEN:
        return Granted()
    return refuse(
        "request_closed",
        "这份申请已经办结。",
        "This request is closed.",
        Words("如有新的需要，请重新提出。", "File a new one if needed."),
    )


def _duty(row: DisclosureRequest) -> Duty | None:
    return Duty.objects.filter(
        county_id=row.county_id,
        subject_kind="disclosure_request",
        subject_id=str(row.pk),
        state__in=("open", "suspended"),
    ).first()


_OFFICE: Grants = {"disclosure_officer": "unit"}


@action(
    "request.ask_correction",
    Words("告知补正", "Ask for a correction"),
    subject="disclosure_request",
    grants=_OFFICE,
    inputs=WithReason,
    load=_picked,
    where=_where,
    why_not=still_open,
)
def ask_correction(call: Call, row: DisclosureRequest, inputs: WithReason) -> Done | Refused:
    """Tell the applicant once what is unclear; the clock stands until the correction comes."""
    if any(e["kind"] == "suspend" for e in row.events):
        return refuse(
            "asked_before",
            "补正只能一次性告知，已经告知过。",
            "A correction is asked for once, and was.",
            Words("请按现有内容答复。", "Answer on what there is."),
        )
    row.events = [*row.events, request_clock.event("suspend", call.now, "等待补正")]
    row.state, row.asked, row.due_on = "asked", inputs.words, None
    row.save(update_fields=["events", "state", "asked", "due_on"])
    if duty := _duty(row):
        verbs.suspend(duty, call.today, Words("等待申请人补正", "waiting for the applicant's correction"))
    return _done(row, f"告知补正：{row.number}", f"Correction asked for: {row.number}")


@action(
    "request.correct",
    Words("补正申请", "Correct a request"),
    subject="disclosure_request",
    grants={"public": "public"},
    inputs=Correct,
    load=_own,
    where=_where,
    why_not=still_open,
)
def correct(call: Call, row: DisclosureRequest, inputs: Correct) -> Done | Refused:
    """Take the applicant's correction; the clock goes on."""
    if row.state != "asked":
        return refuse("not_asked", "这份申请不需要补正。", "No correction was asked for.")
    row.events = [*row.events, request_clock.event("resume", call.now)]
    row.state = "received"
    row.wanted = f"{row.wanted}\n\n【补正】{inputs.words}"
    row.due_on = request_clock.due(row.events, allowance(row.county_id, row.received_on), default_calendar()).on
    row.save(update_fields=["events", "state", "wanted", "due_on"])
    _settle_duty(row, call.today, resumed=True)
    return _done(row, f"收到补正：{row.number}", f"Correction received: {row.number}")


@action(
    "request.extend",
    Words("延长答复期限", "Extend the time to answer"),
    subject="disclosure_request",
    grants=_OFFICE,
    inputs=WithReason,
    load=_picked,
    where=_where,
    why_not=still_open,
)
def extend(call: Call, row: DisclosureRequest, inputs: WithReason) -> Done | Refused:
    """Extend once, with a reason the applicant reads."""
    if request_clock.was_extended(row.events):
        return refuse("extended_before", "答复期限只能延长一次。", "The time can be extended once.")
    if row.state == "asked":
        return refuse("clock_stands", "正在等待补正，期限已经停计。", "The clock stands, waiting for a correction.")
    more = int(value_on(row.county_id, "gazette", request_clock.EXTENSION_KEY, call.today).value)
    row.events = [*row.events, request_clock.event("extend", call.now, inputs.words, more)]
    row.due_on = request_clock.due(row.events, allowance(row.county_id, row.received_on), default_calendar()).on
    row.save(update_fields=["events", "due_on"])
    if (duty := _duty(row)) and row.due_on:
        verbs.extend(duty, row.due_on, call.today, Words(inputs.words, inputs.words))
    return _done(row, f"延长答复期限至{row.due_on}：{row.number}", f"Time extended to {row.due_on}: {row.number}")


@action(
    "request.answer",
    Words("答复申请", "Answer a request"),
    subject="disclosure_request",
    grants=_OFFICE,
    inputs=Answer,
    load=_picked,
    where=_where,
    why_not=still_open,
)
def answer(call: Call, row: DisclosureRequest, inputs: Answer) -> Done | Refused:
    """Answer; the applicant reads it with number and code. A refusal without its ground is not accepted."""
    if inputs.outcome in ("refused", "partly") and not any(
        sign in inputs.answer for sign in ("条例", "法", "条", "规定")
    ):
        return refuse(
            "ground_needed",
            "不予公开或部分公开，须写明依据的条款和理由。",
            "A refusal names its legal ground and reason.",
            Words("请写明依据，例如《政府信息公开条例》第几条。", "Name the article it rests on."),
        )
    if row.state == "asked":
        row.events = [*row.events, request_clock.event("resume", call.now)]
    row.state, row.outcome, row.answer = "answered", inputs.outcome, inputs.answer
    row.answered_on, row.answered_by_id = call.today, call.actor.account_id
    row.due_on = request_clock.due(row.events, allowance(row.county_id, row.received_on), default_calendar()).on
    row.save(update_fields=["events", "state", "outcome", "answer", "answered_on", "answered_by", "due_on"])
    if duty := _duty(row):
        verbs.close(duty, call.today)
    return _done(row, f"答复申请 {row.number}：{row.get_outcome_display()}", f"Answered {row.number}: {row.outcome}")


@action(
    "request.withdraw",
    Words("撤回申请", "Withdraw a request"),
    subject="disclosure_request",
    grants={"public": "public"},
    inputs=Own,
    load=_own,
    where=_where,
    why_not=still_open,
)
def withdraw(call: Call, row: DisclosureRequest, inputs: Own) -> Done:
    """Let the applicant take the request back."""
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    if duty := _duty(row):
        verbs.close(duty, call.today, "cancelled")
    return _done(row, f"申请人撤回申请 {row.number}", f"The applicant withdrew {row.number}")


@action(
    "request.show_applicant",
    Words("查看申请人信息", "Look at the applicant's data"),
    subject="disclosure_request",
    grants=_OFFICE,
    inputs=Pick,
    load=_picked,
    where=_where,
)
def show_applicant(call: Call, row: DisclosureRequest, inputs: Pick) -> Done:
    """Let one look at name and contact be taken; what is seen does not enter the journal."""
    return Done(
        Words(f"查看申请 {row.number} 的申请人信息", f"Looked at the applicant of {row.number}"),
        values={"request": row.pk},
    )


def _settle_duty(row: DisclosureRequest, today: dt.date, *, resumed: bool) -> None:
    duty = _duty(row)
    if duty is None:
        return
    if resumed and duty.state == "suspended":
        verbs.resume(duty, today)
    if duty.due_on != row.due_on:
        duty.due_on = row.due_on
        verbs.set_next(duty, verbs.Scheme(), default_calendar())
        duty.save(update_fields=["due_on", "next_at"])


def _done(row: DisclosureRequest, zh: str, en: str) -> Done:
    return Done(
        Words(zh, en),
        after={"state": row.state, "due_on": str(row.due_on)},
        values={"request": row.pk, "number": row.number, "state": row.state, "due_on": str(row.due_on)},
    )
