"""Requests for information: the form for anybody, the state by number and code, and the officer's pages."""

from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from luoshi.core import clock
from luoshi.core.calendar import default_calendar
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.models import DisclosureRequest
from luoshi.gazette.publication import request_actions as acts
from luoshi.gazette.publication import request_clock
from luoshi.gazette.publication.pages.asking import Asking, absolute, asking
from luoshi.gazette.publication.visibility import DISCLOSURE_REQUEST
from luoshi.office import rail
from luoshi.office.actions import Action, Result
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Document

rail.add("public", "request-new", Words("依申请公开", "Request information"), public=True, order=14)
rail.add("gazette", "requests", Words("公开申请办理", "Requests for information"), reads="disclosure_request", order=30)

STATES = {
    "received": Words("已收到，正在办理", "received, being worked on"),
    "asked": Words("等待您补正", "waiting for your correction"),
    "answered": Words("已答复", "answered"),
    "withdrawn": Words("已撤回", "withdrawn"),
}
OUTCOMES = {
    "granted": Words("予以公开", "granted"),
    "partly": Words("部分公开", "granted in part"),
    "refused": Words("不予公开", "refused"),
    "not_held": Words("本机关不掌握", "not held"),
    "elsewhere": Words("不属于本机关负责", "another body's"),
}


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page of one applicant out of caches and robots."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _granted(result: Result) -> Result:
    if result.outcome.verdict == "granted":
        return result
    reason = result.outcome.reasons[0]
    raise Problem(
        reason.code, reason.words, reason.remedy or Words("请核对后再提交。", "Check it and send again."), status=409
    )


def new(request: HttpRequest) -> HttpResponse:
    """Show the form, or take what was sent and show its number, code and due day."""
    ask = asking(request)
    code = request.GET.get("document", "") or request.POST.get("document", "")
    document = ask.reader.listed(Document.objects.filter(code=code[:80])).defer("text").first() if code else None
    form = _new_form(document)
    shown: dict[str, Any] = {
        "form": form,
        "document": document,
        "title": Words("申请公开政府信息", "Request information"),
    }
    if request.method != "POST":
        return render(request, "gazette/public/request_new.html", shown)
    request_id = request.POST.get("request_id", "")
    secret = acts.code_of(request_id)
    try:
        given = {k: request.POST.get(k, "") for k in ("name", "contact", "wanted")}
        result = _granted(
            acts.file_request(
                call_of(request, request_id), **given, document=document.code if document else "", code=secret
            )
        )
    except Problem as fault:
        shown["form"] = form.filled(request.POST.dict()).with_problem(fault)
        return render(request, "gazette/public/request_new.html", shown, status=fault.status)
    return private(redirect(f"/ask/{result.values['number']}?{urlencode({'code': secret, 'new': '1'})}"))


def _new_form(document: Document | None) -> Form:
    wanted = f"《{document.title_zh}》全文" if document else ""
    return Form.fresh(
        "/ask",
        Words("提交申请", "Send the request"),
        Field("name", Words("您的姓名或单位名称", "Your name or organisation"), autocomplete="name"),
        Field(
            "contact",
            Words("联系方式", "How to reach you"),
            hint=Words(
                "电话、邮箱或通信地址，只用于答复，加密保存。",
                "Phone, mail or address; used for the answer only, stored encrypted.",
            ),
            autocomplete="tel",
        ),
        Field(
            "wanted",
            Words("您要什么信息", "What you want to know"),
            "textarea",
            value=wanted,
            hint=Words("写清文件名称、文号或内容，便于查找。", "Title, number or contents, so that it can be found."),
        ),
        Field("document", Words("文件", "Document"), "hidden", value=document.code if document else "", required=False),
    )


def state(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show the state of a request to who has number and code; take a correction or a withdrawal."""
    ask = asking(request)
    number = number or request.GET.get("number", "")[:40]
    code = request.POST.get("code", "") or request.GET.get("code", "")
    if not number or not code:
        return private(
            render(
                request,
                "gazette/public/request_find.html",
                {"number": number, "wrong": False, "title": Words("查询申请进度", "State of a request")},
            )
        )
    row = acts.own(ask.county.pk, number, code[:40])
    if row is None:
        shown = {"number": number, "wrong": True, "title": Words("查询申请进度", "State of a request")}
        return private(render(request, "gazette/public/request_find.html", shown, status=404))
    problem: Problem | None = None
    if request.method == "POST":
        try:
            _applicant_acts(request, row, code)
            return private(redirect(f"/ask/{row.number}?{urlencode({'code': code})}"))
        except Problem as fault:
            problem = fault
    return private(
        render(
            request,
            "gazette/public/request_state.html",
            _state(request, ask, row, code, problem),
            status=problem.status if problem else 200,
        )
    )


def _applicant_acts(request: HttpRequest, row: DisclosureRequest, code: str) -> None:
    call = call_of(request, request.POST.get("request_id", ""))
    if request.POST.get("verb") == "withdraw":
        _granted(acts.withdraw(call, number=row.number, code=code))
    else:
        _granted(acts.correct(call, number=row.number, code=code, words=request.POST.get("words", "")))


def _state(
    request: HttpRequest, ask: Asking, row: DisclosureRequest, code: str, problem: Problem | None
) -> dict[str, Any]:
    address = absolute(request, f"/ask/{row.number}?{urlencode({'code': code})}")
    correct = Form.fresh(
        f"/ask/{row.number}",
        Words("提交补正", "Send the correction"),
        Field("words", Words("补正内容", "Your correction"), "textarea"),
        Field("code", Words("查询码", "Code"), "hidden", value=code),
        Field("verb", Words("", ""), "hidden", value="correct"),
    )
    return {
        **_clock(ask, row),
        "row": row,
        "code": code,
        "new": request.GET.get("new") == "1",
        "address": address,
        "qr": SafeString(segno.make(address, error="m").svg_inline(scale=4, border=2)),
        "state": STATES[row.state],
        "outcome": OUTCOMES.get(row.outcome),
        "form": correct.with_problem(problem) if problem else correct,
        "title": Words(f"信息公开申请 {row.number}", f"Request {row.number}"),
    }


def _clock(ask: Asking, row: DisclosureRequest) -> dict[str, Any]:
    calendar = default_calendar()
    due = request_clock.due(row.events, acts.allowance(ask.county.pk, row.received_on), calendar)
    done = row.answered_on if row.state == "answered" else None
    standing = (
        "cancelled"
        if row.state == "withdrawn"
        else clock.standing(
            due.on, ask.today, calendar, done_on=done, suspended=due.suspended_since is not None and done is None
        )
    )
    return {
        "sentence": due.sentence,
        "due_on": due.on,
        "standing": standing,
        "today": ask.today,
        "provisional": due.provisional,
    }


def officers(request: HttpRequest) -> HttpResponse:
    """Show the requests of the county, open ones first, to who may read them."""
    ask = asking(request)
    if (stopped := _barred(request, ask)) is not None:
        return stopped
    rows = DISCLOSURE_REQUEST.visible(ask.actor, DisclosureRequest.objects.select_related("unit", "document")).defer(
        "document__text"
    )
    listed = sorted(rows[:500], key=lambda r: (r.state not in acts.OPEN, r.due_on or ask.today, r.number))
    shown = [{"row": r, "state": STATES[r.state], **_clock(ask, r)} for r in listed]
    return private(
        render(
            request,
            "gazette/public/requests.html",
            {"rows": shown, "title": Words("公开申请办理", "Requests for information")},
        )
    )


def _barred(request: HttpRequest, ask: Asking) -> HttpResponse | None:
    if ask.actor.role in DISCLOSURE_REQUEST.grants:
        return None
    if ask.actor.account_id is None:
        return redirect_to_login(request.get_full_path(), "/account/sign-in")
    raise PermissionDenied


VERBS: dict[str, Action[Any, Any]] = {
    "ask_correction": acts.ask_correction,
    "extend": acts.extend,
    "answer": acts.answer,
    "show_applicant": acts.show_applicant,
}


def officer(request: HttpRequest, number: str) -> HttpResponse:
    """Show one request to the officer with what may be done; do it when sent."""
    ask = asking(request)
    if (stopped := _barred(request, ask)) is not None:
        return stopped
    rows = DISCLOSURE_REQUEST.visible(ask.actor, DisclosureRequest.objects.select_related("unit", "document", "person"))
    row = rows.filter(number=number).first()
    if row is None:
        raise Http404
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    forms, revealed = _forms(row), False
    status = 200
    if verb in VERBS:
        given = {k: request.POST[k] for k in VERBS[verb].inputs.model_fields if k in request.POST and k != "request"}
        try:
            _granted(VERBS[verb](call_of(request, request.POST.get("request_id", "")), request=row.pk, **given))
            if verb != "show_applicant":
                return private(redirect("request", number=number))
            revealed = True
        except Problem as fault:
            status = fault.status
            if verb not in forms:
                raise
            forms[verb] = forms[verb].filled(request.POST.dict()).with_problem(fault)
    checks = {name: act.check(call_of(request, "check"), row) for name, act in VERBS.items()}
    shown = {
        **_clock(ask, row),
        "row": row,
        "state": STATES[row.state],
        "outcome": OUTCOMES.get(row.outcome),
        "forms": forms,
        "checks": checks,
        "revealed": revealed,
        "show": acts.show_applicant,
        "title": Words(f"申请 {row.number}", f"Request {row.number}"),
    }
    return private(render(request, "gazette/public/request.html", shown, status=status))


def _forms(row: DisclosureRequest) -> dict[str, Form]:
    url = f"/requests/{row.number}"

    def verb(name: str) -> Field:
        return Field("verb", Words("", ""), "hidden", value=name)

    reason = Words("申请人会看到这段话。", "The applicant reads this.")
    return {
        "answer": Form.fresh(
            url,
            Words("答复", "Answer"),
            Field(
                "outcome", Words("结果", "Outcome"), "select", options=tuple(Option(k, w) for k, w in OUTCOMES.items())
            ),
            Field(
                "answer",
                Words("答复内容", "Answer"),
                "textarea",
                rows=8,
                hint=Words("不予公开或部分公开的，写明依据条款和理由。", "A refusal names its article and reason."),
            ),
            verb("answer"),
            draft=f"request-{row.number}",
        ),
        "ask_correction": Form.fresh(
            url,
            Words("告知补正", "Ask for a correction"),
            Field("words", Words("需要补正什么", "What is unclear"), "textarea", hint=reason, rows=3),
            verb("ask_correction"),
        ),
        "extend": Form.fresh(
            url,
            Words("延长20个工作日", "Extend by 20 working days"),
            Field("words", Words("延长理由", "Reason"), "textarea", hint=reason, rows=3),
            verb("extend"),
        ),
    }
