"""The own account's tokens for programs: made here and shown once, ended here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.words import Words
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.fields import Field, Form, Option
from luoshi.office.people import acting, bearer, token_actions
from luoshi.site.pages import admin_forms
from luoshi.site.pages.account import TRAIL

TITLE = Words("新建接口令牌", "Make an API token")


@never_cache
@require_http_methods(["GET", "POST"])
@admin_forms.signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Make a token for one of the own posts. It is on this one answer and nowhere else."""
    page: Any = request
    held = acting.held(page.user, page.now.astimezone(COUNTY_ZONE).date())
    posts = tuple(Option(str(a.pk), _post(a)) for a in held)
    form = Form.fresh(
        reverse("token-new"), Words("新建", "Make"),
        Field("name", Words("名称", "Name"), hint=Words("给哪个程序用。", "Which program it is for.")),
        Field("appointment", Words("以哪个岗位办理", "In which post"), "select", options=posts),
        Field(
            "days", Words("有效天数", "Days"), "number", value="90", minimum="1", maximum=str(token_actions.MOST_DAYS)
        ),
    )  # fmt: skip
    if request.method == "POST":
        made = bearer.made()
        result, form = admin_forms.send(request, token_actions.make_token, form, token=made)
        if result is not None:
            shown = {"title": TITLE, "token": "" if result.replayed else made, "trail": [*TRAIL, _ACCOUNT]}
            return render(request, "site/account/token.html", shown)
    return render(request, "site/account/form.html", {
        "title": TITLE, "form": form, "trail": [*TRAIL, _ACCOUNT], "note": None,
    })  # fmt: skip


_ACCOUNT = {"words": Words("我的账号", "My account"), "url": "/account/me"}


def _post(appointment: Any) -> Words:
    unit, post = appointment.post.unit.words, appointment.post
    return Words(f"{unit.zh} · {post.title_zh}", f"{unit.en} · {post.title_en}")


@require_POST
@admin_forms.signed_in
def end(request: HttpRequest) -> HttpResponse:
    """End one of the own tokens."""
    result = admin_forms.ask(request, token_actions.end_token, {"token": request.POST.get("token", "0")})
    admin_forms.tell(request, result, Words("已停用。", "Ended."))
    return redirect("account")
