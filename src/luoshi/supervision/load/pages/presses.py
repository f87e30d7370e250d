"""Steps of pressing: the register, one step with its papers and answers, and taking the next one over a share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.outcome import Granted, Outcome
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Call
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people.acting import call_of
from luoshi.supervision import actions as work
from luoshi.supervision import rules
from luoshi.supervision.actions.pressing import may_press
from luoshi.supervision.load import counted, ladder, scheme, taking
from luoshi.supervision.load.actions.presses import open_objection, standing_of
from luoshi.supervision.load.models import Press
from luoshi.supervision.load.pages import acts, shown
from luoshi.supervision.load.readables import PRESS
from luoshi.supervision.models import Assignment
from luoshi.supervision.pages import asking
from luoshi.supervision.pages.answers import not_yours, say, status_of
from luoshi.supervision.queries import shares
from luoshi.supervision.readables import ASSIGNMENT

rail.add("supervision", "presses", Words("催督与文书", "Pressing and papers"), reads="press", order=61)
SHOWN = 200
PRESSING = Words("催督", "Press the unit")
PRAISE = {"praise": Words("通报表扬", "Circular of praise")}
ROWS = Press.objects.select_related("unit__place", "by_unit", "assignment__task__plan", "assignment__duty")
STEP_WORDS: dict[str, Words] = {**{str(code): words for code, words in rules.STEPS.items()}, **PRAISE}


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the steps the reader may see, the latest first, each with its paper's number."""
    if (stopped := asking.barred(request, PRESS)) is not None:
        return stopped
    call = call_of(request, "look")
    rows = list(PRESS.visible(call.actor, ROWS.prefetch_related("papers")).order_by("-pk")[:SHOWN])
    ledger = Ledger(
        "presses", Words("催督步骤和文书", "Steps of pressing and their papers"),
        (
            Column("task", Words("事项", "Task"), "cut"),
            Column("step", Words("步骤", "Step")),
            Column("unit", Words("单位", "Unit")),
            Column("day", Words("日期", "Day"), "day"),
            Column("number", Words("文号", "Number")),
            Column("mend", Words("整改期限", "Mend by"), "day"),
            Column("state", Words("现状", "State")),
        ),
        tuple(
            Row(
                str(p.pk),
                (p.assignment.task.words, STEP_WORDS[p.step], p.unit.words, p.taken_on,
                 "、".join(paper.document_number for paper in p.papers.all()), p.mend_by,
                 ladder.STANDINGS[standing_of(call, p)]),
                reverse("press", args=[p.pk]),
            )
            for p in rows
        ),
        empty=Words("还没有催督。", "Nobody has been pressed yet."),
        empty_hint=Words("提醒、催办、督办单、约谈和通报都会列在这里。", "Reminders, orders and circulars stand here."),
    )  # fmt: skip
    return render(request, "load/presses.html", {"title": Words("催督与文书", "Pressing and papers"), "ledger": ledger})


@require_safe
def one(request: HttpRequest, press_id: int) -> HttpResponse:
    """Show one step: reason, papers, the unit's answer beside it, what may be done."""
    if (stopped := asking.barred(request, PRESS)) is not None:
        return stopped
    call = call_of(request, "look")
    press = PRESS.visible(call.actor, ROWS).filter(pk=press_id).first()
    if press is None:
        raise Http404
    mended = taking.mended_on(press.assignment, press.taken_on)
    mark, words = shown.press_mark(press, mended, call.today)
    duty_id, task = press.assignment.duty_id, press.assignment.task
    readable_duty = duty_id if duty_id and shares.duty(call.actor, duty_id) else None
    running = words is ladder.STANDINGS["mending"]
    shown_with = {
        "title": Words(
            f"{STEP_WORDS[press.step].zh}：{task.words.zh}", f"{STEP_WORDS[press.step].en}: {task.words.en}"
        ),
        "kind": task.plan.words,
        "state": mark,
        "state_text": words,
        "since": press.ended_on or mended or press.taken_on,
        "next": Words("单位自行整改", "The unit mends") if running else None,
        "next_by": press.unit.words if running else None,
        "next_on": press.mend_by if running else None,
        "today": call.today,
        "more": _more(press),
        "pairs": _pairs(press),
        "papers": [shown.paper_seen(p) for p in press.papers.order_by("pk")],
        "answers": list(press.answers.order_by("pk")),
        "acts": acts.offered(
            call, _offers_of(press), press, lambda verb: reverse("press-act", args=[press.pk, verb]), "answer"
        ),
        "duty_url": reverse("duty", args=[readable_duty]) if readable_duty else "",
        "running": running,
        "clause_ids": [str(c) for c in task.clause_ids][:3],
        "trail": [{"words": Words("催督与文书", "Pressing and papers"), "url": reverse("presses")}],
    }
    return render(request, "load/press.html", shown_with)


def _offers_of(press: Press) -> dict[str, acts.Offer]:
    """A step that is not announced has nothing to put into effect; praise needs no act at all."""
    if press.step == "praise":
        return {}
    wanted = {"withdraw"}
    if press.step in ladder.FORMAL:
        wanted |= {"answer"}
    if press.step in ladder.ANNOUNCED:
        wanted |= {"effect"}
    if open_objection(press) is not None:
        wanted |= {"keep"}
    return {verb: offer for verb, offer in acts.PRESS_OFFERS.items() if verb in wanted}


def _more(press: Press) -> list[dict[str, Any]]:
    by = press.by_unit.words if press.by_unit else shown.BY_PLAN
    return [
        {"label": Words("承办单位", "Unit"), "value": press.unit.words},
        {"label": Words("发出单位", "By"), "value": by},
    ]


def _pairs(press: Press) -> list[dict[str, Any]]:
    pairs = [{"label": Words("事由", "Reason"), "value": press.reason}]
    if press.wanted:
        pairs.append({"label": Words("具体要求", "What is asked"), "value": press.wanted})
    if press.end_note and press.end_note != press.reason:
        pairs.append({"label": Words("结果", "Outcome"), "value": press.end_note})
    return pairs


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, press_id: int, verb: str) -> HttpResponse:
    """Show or do one act on a step."""
    if (stopped := asking.barred(request, PRESS)) is not None:
        return stopped
    press = PRESS.visible(asking.actor_of(request), ROWS).filter(pk=press_id).first()
    if press is None or verb not in acts.PRESS_OFFERS:
        raise Http404
    return acts.answer(
        request,
        acts.Asked(
            acts.PRESS_OFFERS[verb], press, {"press_id": press.pk}, reverse("press-act", args=[press.pk, verb]),
            reverse("press", args=[press.pk]), press.assignment.task.words,
            (Words("催督与文书", "Pressing and papers"), reverse("presses")),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def on_share(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Show which step may follow over a share and what it costs the unit; take it."""
    if (stopped := asking.barred(request, ASSIGNMENT)) is not None:
        return stopped
    call = call_of(request, "look")
    share = shares.share(call.actor, assignment_id)
    if share is None:
        raise Http404
    if call.actor.role not in work.escalate.grants:
        raise PermissionDenied
    steps = _steps(call, share)
    first = next((s["code"] for s in steps if s["outcome"]), "remind")
    form = Form.fresh(
        reverse("share-press", args=[share.pk]), PRESSING, *_fields(steps, first), draft=f"press-{share.pk}"
    )
    if request.method == "GET":
        return _share_page(request, share, form, steps)
    form = form.filled(request.POST.dict())
    given = {f.name: f.value for f in form.fields if f.value or f.required}
    try:
        call = call_of(request, asking.request_id_of(request))
        result = work.escalate(call, assignment_id=share.pk, **given)
    except Problem as problem:
        return _share_page(request, share, form.with_problem(problem), steps, status=problem.status)
    if not isinstance(result.outcome, Granted):
        return _share_page(request, share, form, steps, result.outcome, status_of(result.outcome))
    say(request, STEP_WORDS[form.filled(given).fields[0].value], replayed=result.replayed)
    return asking.see_other(reverse("press", args=[result.values["press"]]))


def _steps(call: Call, share: Assignment) -> list[dict[str, Any]]:
    """Return each step of the ladder with its cost and whether it may be taken now."""
    kinds = scheme.on(call.today).kinds
    stands = work.escalate.check(call, share)
    reach = not_yours(stands)
    return [
        {
            "code": code,
            "words": words,
            "minutes": kinds[code].cost(),
            "outcome": stands if reach else may_press(call, share, code),
        }
        for code, words in rules.STEPS.items()
    ]


def _fields(steps: list[dict[str, Any]], first: str) -> tuple[Field, ...]:
    options = tuple(Option(s["code"], s["words"]) for s in steps if s["outcome"]) or (
        Option("remind", rules.STEPS["remind"]),
    )
    return (
        Field("step", Words("步骤", "Step"), "radio", first, options=options),
        Field("reason", Words("事由", "Reason"), "textarea", rows=3,
              hint=Words("写明事实，会印在文书上。", "The facts; printed on the paper.")),
        Field("wanted", Words("具体要求", "What is asked"), "textarea", rows=2, required=False,
              hint=Words("留空用通用要求。", "Empty: the usual.")),
        Field("due_on", Words("整改期限", "Day to mend by"), "date", required=False,
              hint=Words("留空按规定的工作日数。", "Empty: the days of the scheme.")),
    )  # fmt: skip


def taken_seen(call: Call, rows: QuerySet[Press]) -> list[dict[str, Any]]:
    """Return steps in order, each with what has become of it and its papers."""
    return [
        {
            "press": press,
            "words": STEP_WORDS[press.step],
            "url": reverse("press", args=[press.pk]),
            "papers": [shown.paper_seen(paper) for paper in press.papers.all()],
            "state": ladder.STANDINGS[standing_of(call, press)],
        }
        for press in rows.prefetch_related("papers").order_by("pk")
    ]


def _one_reason(steps: list[dict[str, Any]]) -> Outcome | None:
    """Return what stands against every step alike, so that it is said once."""
    codes = {s["outcome"].reasons[0].code if not s["outcome"] else "" for s in steps}
    return steps[0]["outcome"] if len(codes) == 1 and "" not in codes else None


def _share_page(
    request: HttpRequest, share: Assignment, form: Form, steps: list[dict[str, Any]], outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    call = call_of(request, "look")
    possible = [s for s in steps if s["outcome"]]
    cost = max((s["minutes"] for s in possible), default=0)
    rooms = counted.rooms(share.county_id, [(share.unit_id, taking.sent_on(call), cost)], call.today)
    taken = taken_seen(call, ROWS.filter(assignment=share))
    shown_with = {
        "title": PRESSING,
        "kind": share.task.words,
        "unit": share.unit.words,
        "form": form,
        "steps": steps,
        "possible": bool(possible),
        "barred": _one_reason(steps),
        "outcome": outcome,
        "rooms": shown.rooms_ledger(rooms, call.today),
        "taken": taken,
        "back_url": reverse("duty", args=[share.duty_id]) if share.duty_id else reverse("task", args=[share.task_id]),
        "trail": [{"words": Words("催督与文书", "Pressing and papers"), "url": reverse("presses")}],
    }
    return render(request, "load/press_share.html", shown_with, status=status)
