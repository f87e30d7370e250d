"""What happens around every request: its id and log line, the security policy, who acts, and how problems look."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import present
from luoshi.office.people import acting
from luoshi.site import measures

log = structlog.get_logger("luoshi.request")
Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def request_log(answer: Answer) -> Answer:
    """Give each request an id, and write one line with address, status and time when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.luoshi_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request=request.luoshi_id)  # type: ignore[attr-defined]
        try:
            response = answer(request)
            took = time.perf_counter() - started
            measures.observe(request, response.status_code, took)
            log.info(
                "answered",
                method=request.method,
                path=getattr(request, "logged_path", request.path),  # some addresses hold a secret
                status=response.status_code,
                ms=round(took * 1e3, 1),
            )
            response["X-Request-Id"] = request.luoshi_id  # type: ignore[attr-defined]
            return response
        finally:
            structlog.contextvars.unbind_contextvars("request")

    return middleware


def content_security_policy(answer: Answer) -> Answer:
    """Allow only our own files: no inline script or style, no other origin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), interest-cohort=()")
        return response

    return middleware


def acting_post(answer: Answer) -> Answer:
    """Set ``request.now``, ``request.actor`` (one account in one post, or the public) and ``request.acting``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = present.now()  # type: ignore[attr-defined]
        with timezone.override("Asia/Shanghai"):
            try:
                stopped = acting.settle(request)
            except Problem as fault:
                return shown(request, fault)
            return stopped or answer(request)

    return middleware


def size_limit(answer: Answer) -> Answer:
    """Refuse a request above the limit by its announced length, before any of it is read or written to disk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:20]) > settings.LUOSHI_REQUEST_LIMIT:
            most = settings.LUOSHI_REQUEST_LIMIT >> 20
            words = Words(f"一次提交超过上限 {most} MB。", f"One submission is above the limit of {most} MB.")
            remedy = Words("请压缩图片或分次上传。", "Make the pictures smaller or send them in several parts.")
            return shown(request, Problem("files", words, remedy, status=413))
        return answer(request)

    return middleware


class problems:
    """Turn a ``Problem`` into a 4xx page, fragment or JSON; anything else goes to ``pages.faults.fault``.

    A NUL is refused here, because PostgreSQL takes it in no text.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        for given in (request.GET, request.POST):
            for name, values in given.lists():
                if "\0" in name or any("\0" in value for value in values):
                    words = Words("含有不能保存的空字符。", "It holds a NUL character, which cannot be kept.")
                    remedy = Words("请删去后重新提交。", "Remove it and send it again.")
                    return shown(request, Problem(name.replace("\0", ""), words, remedy, status=400))
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return shown(request, fault) if isinstance(fault, Problem) else None


def shown(request: HttpRequest, fault: Problem) -> HttpResponse:
    """Return a problem as JSON on the API, else as a page."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem_json(fault), status=fault.status)
    return render(request, "site/problem.html", {"problem": fault}, status=fault.status)


def problem_json(fault: Problem) -> dict[str, Any]:
    """Return a problem as every API route gives it."""
    return {"problem": {"place": fault.place, "words": fault.words.as_json(), "remedy": fault.remedy.as_json()}}
