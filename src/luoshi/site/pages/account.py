"""The own account: last sign-in, sessions, password, one-time codes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.fields import Field, Form
from luoshi.office.people import acting, addresses, own_account, passwords, second_factor, sessions, sign_in, tokens
from luoshi.office.people.models import Account
from luoshi.site.pages import admin_forms

rail.add("desk", "account", Words("我的账号", "My account"), order=90)
TRAIL = [{"words": Words("首页", "Start"), "url": "/"}]


@never_cache
@require_safe
@admin_forms.signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show the own account."""
    account: Any = request.user
    now: Any = request
    held = acting.held(account, now.now.astimezone(COUNTY_ZONE).date())
    rows = list(sessions.live(account).order_by("-seen_at"))
    return render(request, "site/account/account.html", {
        "account": account, "held": held, "sessions": rows, "here_key": request.session.session_key,
        "has_password": bool(account.password) and account.has_usable_password(),
        "needs_factor": own_account.needs_second_factor(account, {a.post.role for a in held}),
        "trail": TRAIL, "request_id": now.luoshi_id, "tokens": list(
            tokens.live(account, now.now).select_related("appointment__post__unit").order_by("pk")
        ),
    })  # fmt: skip


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@admin_forms.signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; the other sessions end, this one goes on under a new key."""
    account: Any = request.user
    page: Any = request
    form = Form.fresh(
        reverse("password-change"), Words("修改密码", "Change the password"),
        Field("old", Words("原密码", "Old password"), "password", autocomplete="current-password"),
        Field("new", Words("新密码", "New password"), "password", hint=_rules(), autocomplete="new-password"),
        Field("again", Words("再输一次新密码", "New password again"), "password", autocomplete="new-password"),
    )  # fmt: skip
    due = passwords.change_is_due(account, page.now)
    if request.method == "POST":
        old_key = request.session.session_key
        result, form = admin_forms.send(request, own_account.change_password, form, session=old_key)
        if result is not None:
            _go_on(request, account, old_key)
            admin_forms.tell(request, result, Words("密码已修改，其他登录处已退出。", "Changed; other sessions ended."))
            return redirect("account")
        if form.problem and form.problem.words.en.startswith("The old password"):
            _count(request, account, "password")
    return render(request, "site/account/form.html", {
        "title": Words("修改密码", "Change the password"), "form": form, "trail": TRAIL,
        "note": Words("先改密码，再办别的事。", "Change the password before anything else.") if due else None,
    })  # fmt: skip


def _go_on(request: HttpRequest, account: Account, old_key: str | None) -> None:
    """Keep this browser signed in after a password change: a new session key under the new password."""
    from django.contrib.auth import update_session_auth_hash

    account.refresh_from_db()
    update_session_auth_hash(request, account)
    sessions.moved(old_key, request.session.session_key)


def _count(request: HttpRequest, account: Account, why: str) -> None:
    """Count a wrong password or code of somebody who is signed in like one at sign-in: a found browser is no way in."""
    page: Any = request
    call = sign_in.call_for(account.county, account.pk, page.now, addresses.of(request))
    locked = sign_in.fail_sign_in(call, account=account.pk, why=why).values.get("locked")
    if locked:
        sessions.end(sessions.live(account), "failures", page.now)


def _rules() -> Words:
    return Words(
        "至少10位；小写、大写、数字、符号至少三类；不含用户名和姓名；不是常见密码；不与最近5次相同。",
        "At least 10 characters; three of lower case, upper case, digits, signs; without your name; not a common one; "
        "not one of the last 5.",
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@admin_forms.signed_in
def factor(request: HttpRequest) -> HttpResponse:
    """Set up one-time codes: make the secret, show it as a picture, confirm it with a first code; or take it away."""
    account: Any = request.user
    code = Field(
        "code",
        Words("动态验证码", "One-time code"),
        hint=Words("验证器上的6位数字。", "Six digits from your authenticator."),
        autocomplete="one-time-code",
        inputmode="numeric",
    )
    in_force = account.second_factor_confirmed_at is not None
    act, button, done = (
        (own_account.drop_second_factor, Words("停用", "Take it away"), Words("已停用。", "Taken away."))
        if in_force
        else (own_account.confirm_second_factor, Words("启用", "Put in force"), Words("已启用。", "In force."))
    )
    form = Form.fresh(reverse("second-factor"), button, code)
    if request.method == "POST" and request.POST.get("begin"):
        admin_forms.ask(request, own_account.begin_second_factor, {})
        return redirect("second-factor")
    if request.method == "POST":
        result, form = admin_forms.send(request, act, form)
        if result is not None:
            admin_forms.tell(request, result, done)
            return redirect("account")
        _count(request, account, "code")
    secret = "" if in_force else account.second_factor
    address = second_factor.address_of_secret(secret, account.username) if secret else ""
    return render(request, "site/account/factor.html", {
        "form": form, "in_force": in_force, "secret": secret, "trail": TRAIL,
        "picture": second_factor.picture(address) if secret else "",
    })  # fmt: skip


@require_POST
@admin_forms.signed_in
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of the own sessions, or all the others."""
    which = request.POST.get("session", "")
    given: dict[str, Any] = {"session": which} if which else {"asking": request.session.session_key}
    result = admin_forms.ask(request, own_account.end_session, given)
    admin_forms.tell(request, result, Words("已结束。", "Ended."))
    return redirect("account")
