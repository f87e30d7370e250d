"""Signing in with user name and password, then with a one-time code where one is set up; signing out."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.outcome import Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.fields import Field, Form
from luoshi.office.people import acting, addresses, own_account, sessions, sign_in
from luoshi.office.people.models import Account, AccountSession
from luoshi.site.templatetags.components import moment
from luoshi.site.templatetags.luoshi import words

PENDING = "signing_in"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; the answer to a wrong one is the same whatever was wrong."""
    if request.method == "GET":
        return _shown(request, _form(request.GET.get("next", "/")), why=request.GET.get("why", ""))
    now = _now(request)
    username = request.POST.get("username", "").strip()[:60]
    tried = sign_in.try_password(username, request.POST.get("password", "")[:1000], now)
    if tried.account is None:
        _count_failure(request, tried.named, tried.why)
        return _refused(request)
    if tried.account.second_factor_confirmed_at is not None:
        request.session[PENDING] = {
            "account": tried.account.pk, "at": now.timestamp(), "next": _next(request), "seen": tried.account.password,
        }  # fmt: skip
        return redirect("sign-in-code")
    return _enter(request, tried.account, tried.account.password, "", _next(request)) or _refused(request)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code, for some minutes after the right password."""
    pending = request.session.get(PENDING)
    late = settings.LUOSHI_SIGN_IN_CODE_WITHIN.total_seconds()
    if pending is None or not 0 <= _now(request).timestamp() - pending["at"] <= late:
        request.session.pop(PENDING, None)
        return redirect("sign-in")
    form = Form.fresh(
        request.path,
        Words("登录", "Sign in"),
        Field(
            "code",
            Words("动态验证码", "One-time code"),
            hint=Words("验证器上的6位数字。", "Six digits from your authenticator."),
            autocomplete="one-time-code",
            inputmode="numeric",
        ),
    )
    if request.method == "GET":
        return _shown(request, form)
    account = Account.objects.select_related("county").filter(pk=pending["account"]).first()
    given = request.POST.get("code", "").strip()[:20]
    entered = account and _enter(request, account, pending["seen"], given, pending["next"])
    if entered:
        return entered
    _count_failure(request, pending["account"], "code")
    return _shown(request, form.with_problem(_not_signed_in("code")), status=401)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    if isinstance(request.user, Account):
        call = acting.call_of(request, request.POST.get("request_id") or request.luoshi_id)  # type: ignore[attr-defined]
        own_account.sign_out(call, asking=request.session.session_key or "")
        request.session.flush()
    response = redirect("front")
    response.delete_cookie(settings.SESSION_COOKIE_NAME)
    return response


def _enter(request: HttpRequest, account: Account, seen: str, code: str, next_url: str) -> HttpResponse | None:
    """Ask the door, and open a session of a fresh key; None when the door refuses."""
    call = sign_in.call_for(account.county, account.pk, _now(request), addresses.of(request))
    result = sign_in.sign_in(call, account=account.pk, seen=seen, code=code)
    if isinstance(result.outcome, Refused):
        return None
    last = AccountSession.objects.filter(account=account).order_by("-opened_at", "-pk").first()
    if isinstance(request.user, Account):
        sessions.end(
            sessions.live(request.user).filter(session_key=request.session.session_key), "signed_out", call.now
        )
    request.session.flush()
    login(request, account, backend=BACKEND)
    messages.info(request, words(_last_time(result.values, last)))
    return redirect(next_url)


def _last_time(values: Any, last: AccountSession | None) -> Words:
    if values["last"] is None:
        return Words("这是这个账号第一次登录。", "This account signs in for the first time.")
    at, failures = dt.datetime.fromisoformat(values["last"]), values["failures"]
    where = f"（{last.address}）" if last and last.address else ""
    return Words(
        f"上次登录：{moment(at)}{where}。此后登录失败{failures}次；如果不是您本人，请联系安全管理员。",
        f"Last sign-in: {moment(at)} {where}. Failures since: {failures}. Not you? Tell the security administrator.",
    )


def _count_failure(request: HttpRequest, account_id: int | None, why: str) -> None:
    page: Any = request
    account = Account.objects.select_related("county").filter(pk=account_id or 0).first()
    county = account.county if account else page.county
    if county is not None:
        call = sign_in.call_for(county, account_id, _now(request), addresses.of(request))
        sign_in.fail_sign_in(call, account=account_id, why=why)


def _refused(request: HttpRequest) -> HttpResponse:
    form = _form(_next(request)).filled({"username": request.POST.get("username", "")[:60]})
    return _shown(request, form.with_problem(_not_signed_in("")), status=401)


def _not_signed_in(place: str) -> Problem:
    minutes = int(settings.LUOSHI_LOCK_FOR.total_seconds() // 60)
    times = settings.LUOSHI_LOCK_AFTER_FAILURES
    return Problem(
        place,
        sign_in.NOT_SIGNED_IN,
        Words(
            f"请核对后再试；连续{times}次不对会锁定{minutes}分钟。忘记密码请找安全管理员。",
            f"Check and try again; {times} failures lock the account for {minutes} minutes. "
            "The security administrator helps with a forgotten password.",
        ),
        status=401,
    )


def _form(next_url: str) -> Form:
    return Form.fresh(
        "/account/sign-in", Words("登录", "Sign in"),
        Field("username", Words("用户名", "User name"), autocomplete="username"),
        Field("password", Words("密码", "Password"), "password", autocomplete="current-password"),
        Field("next", Words("", ""), "hidden", next_url),
    )  # fmt: skip


def _shown(request: HttpRequest, form: Form, why: str = "", status: int = 200) -> HttpResponse:
    return render(request, "site/account/sign_in.html", {"form": form, "why": sessions.WHY.get(why)}, status=status)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


def _now(request: HttpRequest) -> dt.datetime:
    page: Any = request
    now: dt.datetime = page.now
    return now
