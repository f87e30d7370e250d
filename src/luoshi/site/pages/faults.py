"""Pages for what goes wrong: each says what, why, and how to go on. Problems of ours (500) never ask the database."""

import sys
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.faults import as_problem, lacks_tables
from luoshi.site.middleware import problem_json

PROBLEMS: dict[int, tuple[Words, Words]] = {
    400: (
        Words("这个请求无法读懂。", "This request cannot be read."),
        Words("请返回上一页，检查后重新提交。", "Go back, check it, and send it again."),
    ),
    403: (
        Words("您现在的岗位不能打开这一页。", "Your post may not open this page."),
        Words("请换一个岗位，或由有权限的单位办理。", "Act in another post, or ask the unit that may."),
    ),
    404: (
        Words("没有这一页，或者您的岗位看不到它。", "There is no such page, or your post may not see it."),
        Words("请核对网址，或从目录进入。", "Check the address, or start from the menu."),
    ),
    405: (
        Words("这个网址不能这样使用。", "This address cannot be used this way."),
        Words("请从页面上的按钮操作。", "Use the button on the page."),
    ),
    409: (
        Words(
            "别人刚刚改动了同一件事，您的提交没有写入。",
            "Somebody changed the same thing just now; yours was not written.",
        ),
        Words("请刷新页面，看过最新情况再提交。", "Reload the page, look at it, and send yours again."),
    ),
    413: (
        Words("文件太大，没有收下。", "The file is too large and was not taken."),
        Words("请压缩或拆分后再传。", "Make it smaller or split it, then send it again."),
    ),
    422: (
        Words("有一项填写不合要求。", "One entry is not acceptable."),
        Words("请返回上一页改正后重新提交。", "Go back, correct it, and send it again."),
    ),
    429: (
        Words("短时间内请求太多，暂停受理。", "Too many requests in a short time; please pause."),
        Words("请稍等一分钟再试，已填内容不会丢失。", "Wait a minute and try again; what you typed is kept."),
    ),
    503: (
        Words(
            "系统正在维护或数据库暂不可用，您的提交没有写入。",
            "Maintenance, or the database is away; nothing of yours was written.",
        ),
        Words(
            "请过几分钟再试；急事请按预案用电话办理。",
            "Try again in some minutes; for urgent things use the telephone.",
        ),
    ),
}
CSRF = Problem(
    "csrfmiddlewaretoken",
    Words(
        "页面放得太久或从别处提交，为安全起见没有受理。",
        "The page was open too long, or sent from elsewhere; it was not taken.",
    ),
    Words("请刷新页面后再提交；草稿还在。", "Reload the page and send it again; your draft is kept."),
    status=403,
)


def problem_of(status: int) -> Problem:
    """Return the general problem of a status."""
    words, remedy = PROBLEMS[status]
    return Problem("page", words, remedy, status=status)


def shown(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return a problem as a page."""
    return render(request, "site/problem.html", {"problem": problem}, status=problem.status)


def _handler(status: int) -> Callable[[HttpRequest, Exception], HttpResponse]:
    def handler(request: HttpRequest, exception: Exception) -> HttpResponse:
        return shown(request, problem_of(status))

    return handler


bad_request, forbidden, not_found = _handler(400), _handler(403), _handler(404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old."""
    return shown(request, CSRF)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours: a page that needs neither session nor database, with the number to tell us.

    A database that is away, full or without its tables is no defect: 503 or 507, also where it failed before any
    page was reached.
    """
    page: Any = request
    raised = sys.exc_info()[1]
    away = isinstance(raised, OperationalError) or (isinstance(raised, ProgrammingError) and lacks_tables(raised))
    problem = as_problem(raised) if away and isinstance(raised, Exception) else None
    if problem is not None and request.path.startswith("/api/"):
        return JsonResponse(problem_json(problem), status=problem.status)
    status = problem.status if problem else 500
    shown = {
        "number": getattr(page, "luoshi_id", "")[:8], "english": (get_language() or "").startswith("en"),
        "problem": problem, "status": status,
    }  # fmt: skip
    return HttpResponse(render_to_string("site/fault.html", shown), status=status)
