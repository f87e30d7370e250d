"""The form of each act of this part, and what happens when it is sent. Sending twice acts once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Action, Call
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.supervision.load import actions
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours, say, status_of, typed

Fields = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One act on a page: its verb in the address, its action, and what it asks for; nothing: the click is enough."""

    verb: str
    action: Action[Any, Any]
    fields: Callable[[], Fields] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One act asked for: on which subject, with which fixed inputs, at which address, and where one looks after it."""

    offer: Offer
    subject: Any
    given: Mapping[str, Any]
    url: str
    after: str
    title: Words
    trail: tuple[Words, str]


def _text(name: str, zh: str, en: str, hint: Words | None = None, *, required: bool = True) -> Field:
    return Field(name, Words(zh, en), "textarea", hint=hint, required=required)


def _reason() -> Fields:
    return (_text("reason", "理由", "Reason", Words("写明原因和依据，会留痕。", "Say why and on what ground.")),)


def _files() -> Field:
    return Field(
        "files", Words("材料", "Files"), "file", required=False, multiple=True,
        hint=Words("照片、PDF、Word 或 Excel；可选多个。", "Photos, PDF, Word or Excel; several at once."),
    )  # fmt: skip


def _respond() -> Fields:
    return _text("text", "答复内容", "Answer"), _files()


def _press_answer() -> Fields:
    kinds = (
        Option("answer", Words("答复办理情况", "Answer")),
        Option("object", Words("提出异议（答复之前不实施后续步骤）", "Object (nothing follows until it is decided)")),
    )
    return Field("kind", Words("方式", "Kind"), "radio", "answer", options=kinds), _text("text", "内容", "Text")


def _effect() -> Fields:
    return (
        _text("text", "约谈情况或通报意见", "What was said, or what the circular says"),
        Field("public", Words("通报对外公开（不得出现个人姓名）", "Public circular (names no person)"), "checkbox",
              required=False),
    )  # fmt: skip


def _correct() -> Fields:
    return (_text("text", "自查自纠情况", "What was corrected"),)


def _find() -> Fields:
    return (
        _text("text", "发现的问题", "What was found"),
        Field("clause_id", Words("违反的条款编号", "Clause"), hint=Words("如 FOOD-3.1.1", "such as FOOD-3.1.1")),
        _text("evidence", "证据", "Evidence", Words("在何处、何记录上发现。", "Where it was seen, on which record.")),
        Field("mend_by", Words("整改期限", "Day to mend by"), "date"),
        _files(),
    )


def _mend() -> Fields:
    return (_text("text", "整改情况", "How it was mended"),)


def _conclude() -> Fields:
    return (
        _text("text", "督查结论", "Conclusion", Words("结论随文书送达每个受检单位。", "Told to each unit on paper.")),
    )


def _object() -> Fields:
    return (_text("text", "异议内容", "Objection"),)


def _reply() -> Fields:
    return (_text("text", "答复内容", "Reply"),)


def _offers(*listed: Offer) -> dict[str, Offer]:
    return {offer.verb: offer for offer in listed}


ASK_OFFERS = _offers(Offer("call_off", actions.call_off, _reason))
ASKED_OFFERS = _offers(Offer("respond", actions.respond, _respond))
PRESS_OFFERS = _offers(
    Offer("answer", actions.answer, _press_answer),
    Offer("effect", actions.effect, _effect),
    Offer("keep", actions.keep, _reason),
    Offer("withdraw", actions.withdraw, _reason),
)
CHECK_OFFERS = _offers(
    Offer("approve", actions.approve),
    Offer("conclude", actions.conclude, _conclude),
    Offer("cancel", actions.cancel, _reason),
)
CHECKED_OFFERS = _offers(
    Offer("self_correct", actions.self_correct, _correct),
    Offer("object", actions.object_to, _object),
    Offer("find", actions.find, _find),
    Offer("reply", actions.reply, _reply),
)
FINDING_OFFERS = _offers(Offer("mend", actions.mend, _mend))


def offered(
    call: Call, offers: Mapping[str, Offer], subject: Any, url_of: Callable[[str], str], main: str = ""
) -> list[dict[str, Any]]:
    """Return the acts this role has on a subject: first those that may be done now, the others with their reasons."""
    found = [(o, o.action.check(call, subject)) for o in offers.values() if call.actor.role in o.action.grants]
    found = [(o, outcome) for o, outcome in found if outcome or outcome.reasons[0].code != "outside_scope"]
    found.sort(key=lambda f: not f[1])
    return [
        {
            "words": o.action.words,
            "outcome": outcome,
            "url": url_of(o.verb),
            "post": o.fields is None,
            "primary": o.verb == main,
        }
        for o, outcome in found
    ]


def answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Show one act's form, or do it."""
    fields = asked.offer.fields() if asked.offer.fields else ()
    form = Form.fresh(asked.url, asked.offer.action.words, *fields, draft=asked.url.strip("/").replace("/", "-"))
    if request.method == "GET":
        outcome = asked.offer.action.check(call_of(request, "look"), asked.subject)
        return _page(request, asked, form, outcome, 403 if not_yours(outcome) else 200)
    form = form.filled(request.POST.dict())
    try:
        call = call_of(request, asking.request_id_of(request))
        result = asked.offer.action(call, **asked.given, **typed(request, call, form))
    except Problem as problem:
        return _page(request, asked, form.with_problem(problem), Granted(), problem.status)
    if not isinstance(result.outcome, Granted):
        return _page(request, asked, form, result.outcome, status_of(result.outcome))
    say(request, asked.offer.action.words, replayed=result.replayed)
    return asking.see_other(asked.after)


def _page(request: HttpRequest, asked: Asked, form: Form, outcome: Outcome, status: int = 200) -> HttpResponse:
    shown = {
        "title": asked.offer.action.words,
        "kind": asked.title,
        "form": form,
        "outcome": outcome,
        "granted": isinstance(outcome, Granted),
        "back_url": asked.after,
        "trail": [{"words": asked.trail[0], "url": asked.trail[1]}, {"words": asked.title, "url": asked.after}],
    }
    return render(request, "supervision/act.html", shown, status=status)
