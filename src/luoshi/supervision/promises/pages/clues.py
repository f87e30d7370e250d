"""Clues for everybody: the form without an account, the state by number and code, and what was answered in public."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core import clock_words
from luoshi.core.calendar import default_calendar
from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.access import Actor
from luoshi.office.actions import Call, Result
from luoshi.office.evidence import intake
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Pager
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import Place, Unit
from luoshi.supervision import clocks
from luoshi.supervision.pages import asking
from luoshi.supervision.promises import clue_actions as acts
from luoshi.supervision.promises import photo, queries, terms
from luoshi.supervision.promises.models import Clue
from luoshi.supervision.promises.pages.public import county_of, view_of
from luoshi.supervision.queries.ledger import near_limit

rail.add("public", "clue-new", Words("反映问题线索", "Send a clue"), public=True, order=6)

STATES = {
    "received": Words("已收到，正在查办", "received, being looked into"),
    "answered": Words("已答复", "answered"),
    "dismissed": Words("不予受理，已说明", "not taken up, with the reason"),
}
PAGE = 20
TRAP = "website"
"""A field that no person sees; what fills it in is a machine."""


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page of one sender out of caches and robots."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def nameless(request: HttpRequest, request_id: str) -> Call:
    """Return the public's call without account and address: who sends a clue is not written down anywhere."""
    made = call_of(request, request_id)
    return replace(made, actor=Actor(made.actor.county_id, "public"), address="")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form, or take what was sent and show its number, code and day."""
    seen = view_of(request)
    task_id = asking.whole("promise", request.POST.get("promise") or request.GET.get("promise"))
    promise = queries.by_id(seen, task_id) if task_id is not None else None
    form = _form(request, promise)
    shown: dict[str, Any] = {
        "promise": promise,
        "title": Words("反映问题线索", "Send a clue"),
        "trap": TRAP,
        "days": terms.figure(seen.county.pk, terms.ANSWER, seen.today),
        "ground": terms.ground(terms.ANSWER, seen.today),
    }
    if request.method == "GET":
        return render(request, "promises/clue_new.html", {**shown, "form": form})
    try:
        result = _taken(request, promise)
    except Problem as fault:
        form = form.filled(request.POST.dict()).with_problem(fault)
        if fault.status == 409:
            form = replace(form, request_id=Form.fresh("", form.submit).request_id)
        return private(render(request, "promises/clue_new.html", {**shown, "form": form}, status=fault.status))
    secret = acts.code_of(request.POST.get("request_id", ""))
    return private(redirect(f"/clues/{result.values['number']}?{urlencode({'code': secret, 'new': '1'})}"))


def _form(request: HttpRequest, promise: queries.Promise | None) -> Form:
    county = county_of(request)
    nothing = Option("", Words("不清楚或不针对某个单位", "not known, or no unit"))
    units = Unit.objects.filter(county=county, collective=False).order_by("short_zh")
    towns = Place.objects.filter(county=county, kind="town").order_by("pk")
    return Form.fresh(
        "/clues/new",
        Words("提交线索", "Send the clue"),
        Field(
            "text",
            Words("什么事", "What happened"),
            "textarea",
            rows=7,
            hint=Words("写清时间、地点、经过。10 到 3000 字。", "When, where, how it went. 10 to 3,000 characters."),
        ),
        *(
            ()
            if promise
            else (
                Field(
                    "unit_id",
                    Words("涉及哪个单位", "Which unit it is about"),
                    "select",
                    required=False,
                    options=(nothing, *(Option(str(u.pk), u.words) for u in units)),
                ),
            )
        ),
        Field(
            "place",
            Words("在哪个镇", "In which town"),
            "select",
            required=False,
            options=(
                Option("", Words("不填", "not said")),
                *(Option(t.code, Words(t.name_zh, t.name_en)) for t in towns),
            ),
        ),
        Field(
            "photo",
            Words("照片", "Photo"),
            "file",
            required=False,
            accept="image/jpeg,image/png,image/webp",
            hint=Words(
                "一张。照片里的拍摄时间、地点、机型会先被去掉。",
                "One. Time, place and camera are taken out of it first.",
            ),
        ),
        Field(
            "contact",
            Words("联系方式", "How to reach you"),
            required=False,
            autocomplete="tel",
            hint=Words(
                "可以匿名。留了也只加密保存，被反映的单位看不到，谁查看都会留痕。",
                "You may stay unknown. If you give it, it is encrypted, the unit concerned cannot see it, and each "
                "look is recorded.",
            ),
        ),
        Field(
            "may_publish",
            Words("同意把处理结果（去掉个人信息后）公开", "The outcome may be published without personal data"),
            "checkbox",
            required=False,
        ),
        Field("promise", Words("", ""), "hidden", value=str(promise.task_id) if promise else "", required=False),
    )


def _taken(request: HttpRequest, promise: queries.Promise | None) -> Result:
    if request.POST.get(TRAP, "").strip():
        raise Problem(
            TRAP,
            Words("这次提交像是机器填写的，没有收下。", "This looks filled in by a machine and was not taken."),
            Words("请清空看不见的那一格，或换个浏览器再提交。", "Empty the hidden field, or use another browser."),
            status=422,
        )
    request_id = asking.request_id_of(request)
    call = nameless(request, request_id)
    result = acts.file_clue(
        call,
        text=request.POST.get("text", ""),
        code=acts.code_of(request_id),
        task_id=promise.task_id if promise else None,
        unit_id=asking.whole("unit_id", request.POST.get("unit_id")),
        place=request.POST.get("place", ""),
        contact=request.POST.get("contact", ""),
        may_publish=request.POST.get("may_publish") == "true",
        receipt=_photo(request, call),
    )
    if isinstance(result.outcome, Granted):
        return result
    reason = result.outcome.reasons[0]
    remedy = reason.remedy or Words("请核对后再提交。", "Check it and send again.")
    raise Problem(reason.code, reason.words, remedy, status=409)


def _photo(request: HttpRequest, call: Call) -> str:
    file = request.FILES.get("photo")
    if file is None:
        return ""
    most = terms.figure(call.actor.county_id, terms.PHOTO_MB, call.today)
    if (file.size or 0) > most << 20:
        photo.redrawn(b"\0" * ((most << 20) + 1), most)
    return intake.take_in(call.actor, call.now, "线索照片.jpg", [photo.redrawn(file.read(), most)])


@require_safe
def state(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show the state of a clue to who has number and code."""
    county, today = county_of(request), asking.today_of(request)
    number = number or request.GET.get("number", "")[:20]
    code = request.GET.get("code", "")[:40]
    title = Words("查询我的线索", "State of my clue")
    if not number or not code:
        return private(render(request, "promises/clue_find.html", {"number": number, "wrong": False, "title": title}))
    row = acts.own(county.pk, number, code)
    if row is None:
        shown = {"number": number, "wrong": True, "title": title}
        return private(render(request, "promises/clue_find.html", shown, status=404))
    address = request.build_absolute_uri(f"/clues/{row.number}?{urlencode({'code': code})}")
    shown = {
        "row": row,
        "code": code,
        "new": request.GET.get("new") == "1",
        "address": address,
        "qr": SafeString(segno.make(address, error="m").svg_inline(scale=4, border=2)),
        "said": STATES[row.state],
        "title": Words(f"线索 {row.number}", f"Clue {row.number}"),
        **clock(row, today),
    }
    return private(render(request, "promises/clue_state.html", shown))


def clock(row: Clue, today: Any) -> dict[str, Any]:
    """Return the day of a clue, its standing, and the sentence that explains the day."""
    done = row.answered_on
    standing = clocks.standing("done" if done else "open", row.due_on, done, today, near_limit(today))
    calendar = default_calendar()
    days = calendar.working_days_between(row.received_on, row.due_on)
    held = calendar.is_provisional(row.due_on)
    first, last = clock_words.full_day(row.received_on), clock_words.full_day(row.due_on)
    zh = f"{first.zh}收到，次日起算{days}个工作日，{last.zh}前答复。"
    en = f"Received {first.en}; {days} working days from the next day: answered by {last.en}."
    more = Words(
        "该年放假安排尚未公布，日期为暂定。", " That year's holidays are not announced; the day is provisional."
    )
    return {
        "standing": standing,
        "due_on": None if done else row.due_on,
        "today": today,
        "sentence": Words(zh + more.zh, en + more.en) if held else Words(zh, en),
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the answers that were published, the latest first."""
    county = county_of(request)
    rows = Clue.objects.filter(county=county, published_on__isnull=False).select_related("task__plan")
    before = asking.whole("before", request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    seen = view_of(request)
    lines = [{"clue": c, "promise": queries.by_id(seen, c.task_id) if c.task_id else None} for c in found[:PAGE]]
    shown = Words(f"本页{len(lines)}条", f"{len(lines)} on this page")
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(
        request,
        "promises/clues.html",
        {
            "title": Words("线索答复", "Answers to clues"),
            "lines": lines,
            "pager": Pager(shown, newer_url="?" if before is not None else "", older_url=older),
        },
    )
