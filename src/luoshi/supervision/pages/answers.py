"""What the forms of acts share: the inputs as typed, files kept first, and how a page tells what became of the act."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from luoshi.core.outcome import Granted, Outcome, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.evidence import actions as evidence
from luoshi.office.fields import Form
from luoshi.supervision.pages import asking

MAX_FILES = 30


def not_yours(outcome: Outcome) -> bool:
    """Tell whether an act is refused because of who asks."""
    return not outcome and outcome.reasons[0].code in ("role_may_not", "outside_scope")


def status_of(outcome: Outcome) -> int:
    """Return the status with which a page tells of an act that was not done."""
    if not_yours(outcome):
        return 403
    return 409 if isinstance(outcome, Refused) else 422


def typed(request: HttpRequest, call: Call, form: Form) -> dict[str, Any]:
    """Return the inputs of an action as a form gives them; files are kept first, and their ids given."""
    given: dict[str, Any] = {}
    for field in form.fields:
        if field.kind == "file":
            given[field.name] = received(request, call, field.name)
        elif field.kind == "choices":
            given[field.name] = request.POST.getlist(field.name)
        elif field.value or field.required:
            given[field.name] = field.value
    return given


def received(request: HttpRequest, call: Call, name: str) -> list[int]:
    """Keep the uploaded files, each under a request id of its own made from the form's."""
    sent = request.FILES.getlist(name)
    if len(sent) > MAX_FILES:
        raise Problem(
            name,
            Words(f"一次最多上传 {MAX_FILES} 个文件。", f"At most {MAX_FILES} files at once."),
            Words("请分次上报。", "Send them in several reports."),
            status=422,
        )
    ids = []
    for n, file in enumerate(sent):
        one = Call(call.actor, call.now, f"{call.request_id}:{n}", call.channel, call.address)
        try:
            result = evidence.receive(one, file.name or "", file.chunks())
        except Problem as problem:
            said = Words(f"“{problem.place}”：{problem.words.zh}", f"“{problem.place}”: {problem.words.en}")
            raise Problem(name, said, problem.remedy, status=problem.status) from problem
        if not isinstance(result.outcome, Granted):
            reason = result.outcome.reasons[0]
            raise Problem(name, reason.words, reason.remedy or reason.words, status=403)
        ids.append(int(result.values["file"]))
    return ids


def say(request: HttpRequest, words: Words, *, replayed: bool) -> None:
    """Tell on the next page that an act was done, or had been done before."""
    said = Words(f"已办理：{words.zh}。", f"Done: {words.en}.")
    if replayed:
        said = Words(f"“{words.zh}”此前已经办理，没有重复办理。", f"{words.en}: already done, not done again.")
    (messages.info if replayed else messages.success)(request, said.en if asking.in_english(request) else said.zh)
