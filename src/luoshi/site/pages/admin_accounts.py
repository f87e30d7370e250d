"""Accounts: the system administrator opens and disables them, the security administrator appoints and helps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.outcome import Granted
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people import acting, actions, recovery, sessions, sign_in
from luoshi.office.people.models import Account, Appointment, Post
from luoshi.office.people.readables import ACCOUNT, APPOINTMENT
from luoshi.site.pages import admin_forms, admin_lists
from luoshi.site.templatetags.components import moment

READERS = ("system_admin", "security_admin", "audit_admin")
rail.add("people", "admin-accounts", Words("账号", "Accounts"), roles=frozenset(READERS), order=30)
BUTTONS = {act.name: act for act in (recovery.unlock, recovery.reset_second_factor, recovery.disable, recovery.enable)}


@never_cache
@require_http_methods(["GET", "POST"])
@admin_forms.for_roles(*READERS)
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts with the last sign-in; the system administrator opens new ones. A made password shows once."""
    page: Any = request
    form = Form.fresh(
        reverse("admin-accounts"),
        Words("开设账号", "Open an account"),
        Field(
            "username",
            Words("用户名", "User name"),
            hint=Words("一人一号；字母、数字、点、横线。", "One person, one account; letters, digits, dots."),
        ),
        Field("display_name", Words("姓名", "Name")),
        Field("phone", Words("手机号", "Telephone"), required=False, inputmode="tel"),
    )
    if request.method == "POST":
        made = actions.made_password()
        result, form = admin_forms.send(request, actions.open_account, form, password=made)
        if result is not None:
            account = Account.objects.get(pk=result.values["account"])
            return _once(request, account, "" if result.replayed else made)
    rows, pager = admin_lists.page_of(request, _wanted(request, ACCOUNT.visible(page.actor, Account.objects.all())))
    columns = (
        Column("name", Words("姓名", "Name")), Column("username", Words("用户名", "User name")),
        Column("state", Words("现状", "State")), Column("last", Words("最近登录", "Last sign-in")),
        Column("factor", Words("动态验证码", "One-time codes")),
    )  # fmt: skip
    lines = tuple(
        Row(str(a.pk), (a.display_name, a.username, _state(a, page), moment(a.last_login) or "—",
                        Words("已启用", "in force") if a.second_factor_confirmed_at else "—"),
            href=reverse("admin-account", args=[a.pk]))
        for a in rows
    )  # fmt: skip
    ledger = Ledger(
        "accounts", Words("账号", "Accounts"), columns, lines, pager=pager,
        filters=admin_lists.filter_words(request, {"q": Words("查找", "Search")}),
    )  # fmt: skip
    return render(request, "site/admin/list.html", {
        "title": Words("账号", "Accounts"), "ledger": ledger, "tabs": [], "search": request.GET.get("q", ""),
        "form": form if page.actor.role == "system_admin" else None,
        "form_title": Words("开设账号", "Open an account"),
    })  # fmt: skip


def _wanted(request: HttpRequest, rows: Any) -> Any:
    text = request.GET.get("q", "").strip()[:60]
    return rows.filter(username__icontains=text) | rows.filter(display_name__icontains=text) if text else rows


def _state(account: Account, page: Any) -> Words:
    if not account.is_active:
        return Words("已停用", "disabled")
    if sign_in.is_locked(account, page.now):
        return Words(f"锁定至{moment(account.locked_until)}", f"locked until {moment(account.locked_until)}")
    return Words("在用", "in use")


def _once(request: HttpRequest, account: Account, made: str) -> HttpResponse:
    """Show a made password, once. An empty one means that the same request was answered before."""
    return render(request, "site/admin/made_password.html", {"account": account, "made": made})


@never_cache
@require_http_methods(["GET", "POST"])
@admin_forms.for_roles(*READERS)
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one account: its posts, its sessions, and what this administrator may do with it."""
    page: Any = request
    found = get_object_or_404(ACCOUNT.visible(page.actor, Account.objects.all()), pk=account_id)
    here = reverse("admin-account", args=[found.pk])
    form = Form.fresh(
        here, Words("任职", "Appoint"),
        Field("post", Words("岗位", "Post"), "select", options=_posts(page.county.pk)),
        Field("from_on", Words("自哪天起", "From"), "date", page.now.date().isoformat()),
        Field("to_on", Words("到哪天止", "Until"), "date", required=False),
    )  # fmt: skip
    if request.method == "POST":
        result, form = admin_forms.send(request, actions.appoint, form, account=found.pk)
        if result is not None:
            admin_forms.tell(request, result, Words("已任职。", "Appointed."))
            return redirect(here)
    call = acting.call_of(request, "look")
    held = APPOINTMENT.visible(page.actor, Appointment.objects.filter(account=found).select_related("post__unit"))
    return render(
        request,
        "site/admin/account.html",
        {
            "account": found,
            "state": _state(found, page),
            "held": held.order_by("-from_on", "-pk"),
            "offers": [
                {"name": act.name, "words": act.words, "outcome": act.check(call, found)}
                for act in BUTTONS.values()
                if page.actor.role in act.grants
            ],
            "reset": recovery.reset_password.check(call, found) if page.actor.role == "security_admin" else None,
            "may_appoint": page.actor.role == "security_admin",
            "form": form,
            "today": page.now.astimezone(COUNTY_ZONE).date(),
            "sessions": sessions.live(found).count(),
        },
    )


def _posts(county_id: int) -> tuple[Option, ...]:
    rows = Post.objects.filter(county_id=county_id, closed=False).select_related("unit").order_by("unit__pk", "pk")
    return tuple(Option(str(p.pk), Words(str(p), f"{p.unit.name_en}: {p.title_en}")) for p in rows)


@require_POST
@admin_forms.for_roles("system_admin", "security_admin")
def act(request: HttpRequest, account_id: int, name: str) -> HttpResponse:
    """Run one of the buttons of an account's page."""
    page: Any = request
    found = get_object_or_404(ACCOUNT.visible(page.actor, Account.objects.all()), pk=account_id)
    if name not in BUTTONS:
        raise admin_forms.closed()
    result = admin_forms.ask(request, BUTTONS[name], {"account": found.pk})
    admin_forms.tell(request, result, Words("已办理。", "Done."))
    return redirect("admin-account", account_id=found.pk)


@never_cache
@require_POST
@admin_forms.for_roles("security_admin")
def reset_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Set a made password and show it once."""
    page: Any = request
    found = get_object_or_404(ACCOUNT.visible(page.actor, Account.objects.all()), pk=account_id)
    made = actions.made_password()
    result = admin_forms.ask(request, recovery.reset_password, {"account": found.pk, "password": made})
    if not isinstance(result.outcome, Granted):
        admin_forms.tell(request, result, Words("", ""))
        return redirect("admin-account", account_id=found.pk)
    return _once(request, found, "" if result.replayed else made)


@require_POST
@admin_forms.for_roles("security_admin")
def end_appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """End an appointment on the day given."""
    page: Any = request
    row = get_object_or_404(APPOINTMENT.visible(page.actor, Appointment.objects.all()), pk=appointment_id)
    given = {"appointment": row.pk, "to_on": request.POST.get("to_on", "")}
    result = admin_forms.ask(request, actions.end_appointment, given)
    admin_forms.tell(request, result, Words("已免职。", "Ended."))
    return redirect("admin-account", account_id=row.account_id)
