"""The system administrator's pages: units and the seats in them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people import actions, seats
from luoshi.office.people.models import Appointment, Place, Post, Unit
from luoshi.office.people.readables import POST, UNIT
from luoshi.office.people.roles import ROLE_CHOICES, ROLES
from luoshi.site.pages import admin_forms, admin_lists
from luoshi.site.templatetags.luoshi import day

READERS = frozenset({"system_admin", "security_admin", "audit_admin"})
rail.add("people", "admin-units", Words("单位", "Units"), roles=READERS, order=10)
rail.add("people", "admin-posts", Words("岗位", "Posts"), roles=READERS, order=20)
_UNIT_FIELDS = (
    Field("name_zh", Words("全称", "Full name (Chinese)")),
    Field("short_zh", Words("简称", "Short name (Chinese)")),
    Field("name_en", Words("英文名", "English name")),
)

UNIT_KINDS = {
    "government": Words("政府", "Government"),
    "party": Words("党委部门", "Party body"),
    "department": Words("部门", "Department"),
    "office": Words("办公室", "Office"),
    "commission": Words("委员会", "Commission"),
    "leading_group": Words("领导小组", "Leading group"),
    "command": Words("指挥部", "Command"),
    "joint_meeting": Words("联席会议", "Joint meeting"),
    "team": Words("工作组", "Team"),
    "expert": Words("专家组", "Experts"),
    "institution": Words("事业单位", "Institution"),
    "enterprise": Words("企业", "Enterprise"),
    "city_branch": Words("市级派出机构", "Branch of a city body"),
    "park": Words("园区机构", "Park body"),
    "town": Words("镇", "Town"),
    "village": Words("村委会", "Village committee"),
    "higher": Words("上级单位", "Higher body"),
    "set": Words("单位合称", "Several units by one name"),
    "class": Words("某类单位", "A class of units"),
    "post": Words("岗位", "Post"),
    "role": Words("角色", "Role"),
    "unresolved": Words("未认定", "Not resolved"),
}


@require_http_methods(["GET", "POST"])
@admin_forms.for_readers("unit")
def units(request: HttpRequest) -> HttpResponse:
    """List the units; the system administrator opens new ones here."""
    page: Any = request
    form = Form.fresh(
        reverse("admin-units"),
        Words("设立单位", "Open a unit"),
        Field(
            "code",
            Words("代码", "Code"),
            hint=Words("小写字母、数字和连字符。", "Lower-case letters, digits, hyphens."),
        ),
        *_UNIT_FIELDS,
        Field("place", Words("所在地代码", "Place code"), required=False),
    )
    if request.method == "POST":
        result, form = admin_forms.send(request, seats.open_unit, form)
        if result is not None:
            admin_forms.tell(request, result, Words("已设立。", "Opened."))
            return redirect("admin-units")
    rows, pager = admin_lists.page_of(request, UNIT.visible(page.actor, Unit.objects.select_related("place")))
    columns = (
        Column("unit", Words("单位", "Unit")),
        Column("code", Words("代码", "Code")),
        Column("kind", Words("类别", "Kind")),
        Column("place", Words("所在地", "Place")),
        Column("to", Words("撤销日", "Closed on"), "day"),
    )
    lines = tuple(
        Row(str(u.pk), (u.words, u.code, UNIT_KINDS.get(u.kind, u.kind), _place(u.place), u.valid_to),
            href=reverse("admin-unit", args=[u.pk]))
        for u in rows
    )  # fmt: skip
    ledger = Ledger("units", Words("单位", "Units"), columns, lines, pager=pager)
    return render(request, "site/admin/list.html", {
        "title": Words("单位", "Units"), "ledger": ledger, "tabs": [],
        "form": form if page.actor.role == "system_admin" else None, "form_title": Words("设立单位", "Open a unit"),
    })  # fmt: skip


def _place(place: Place | None) -> Words:
    return Words(place.name_zh, place.name_en or place.name_zh) if place else Words("", "")


@require_http_methods(["GET", "POST"])
@admin_forms.for_readers("unit")
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit with the names it had; rename or close it."""
    page: Any = request
    found = get_object_or_404(UNIT.visible(page.actor, Unit.objects.all()), pk=unit_id)
    here = reverse("admin-unit", args=[found.pk])
    now = {"name_zh": found.name_zh, "short_zh": found.short_zh, "name_en": found.name_en}
    rename = Form.fresh(
        here, Words("更名", "Rename"), *_UNIT_FIELDS, Field("from_on", Words("自哪天起", "From"), "date"),
        Field("what", Words("", ""), "hidden", "rename"),
    ).filled(now)  # fmt: skip
    close = Form.fresh(
        here, Words("撤销单位", "Close the unit"), Field("to_on", Words("最后一天", "Last day"), "date"),
        Field("what", Words("", ""), "hidden", "close"),
    )  # fmt: skip
    if request.method == "POST":
        closing = request.POST.get("what") == "close"
        act = seats.close_unit if closing else seats.rename_unit
        result, form = _sent(request, act, close if closing else rename, unit=found.pk)
        if result is not None:
            admin_forms.tell(request, result, Words("已办理。", "Done."))
            return redirect(here)
        rename, close = (rename, form) if closing else (form, close)
    names = [
        {"label": Words(n.name, n.name), "value": f"{day(n.valid_from)}—{day(n.valid_to)}"}
        for n in found.names.order_by("pk")
    ]
    return render(request, "site/admin/unit.html", {
        "unit": found, "names": names, "forms": [rename, close] if page.actor.role == "system_admin" else [],
    })  # fmt: skip


def _sent(request: HttpRequest, act: Any, form: Form, **more: Any) -> tuple[Any, Form]:
    """Send a form whose hidden ``what`` only chooses the action."""
    bare = Form(form.url, form.submit, tuple(f for f in form.fields if f.name != "what"), form.request_id)
    result, shown = admin_forms.send(request, act, bare, **more)
    hidden = tuple(f for f in form.fields if f.name == "what")
    return result, Form(shown.url, shown.submit, shown.fields + hidden, shown.request_id, shown.problem)


@require_http_methods(["GET", "POST"])
@admin_forms.for_readers("post")
def posts(request: HttpRequest) -> HttpResponse:
    """List the seats with who holds them; the system administrator opens and closes seats here."""
    page: Any = request
    form = Form.fresh(
        reverse("admin-posts"),
        Words("设立岗位", "Open a post"),
        Field("unit", Words("单位", "Unit"), "select", options=_units(page.actor)),
        Field(
            "role", Words("角色", "Role"), "select", options=tuple(Option(c, ROLES[c].words) for c, _ in ROLE_CHOICES)
        ),
        Field("title_zh", Words("岗位名称", "Title (Chinese)")),
        Field("title_en", Words("英文名称", "Title (English)")),
        Field("place", Words("辖区", "Place"), "select", required=False, options=_places(page.county.pk)),
    )
    if request.method == "POST":
        closing = admin_lists.number(request.POST.get("post", ""))
        if closing:
            told = admin_forms.ask(request, seats.close_post, {"post": closing})
            admin_forms.tell(request, told, Words("已撤销。", "Closed."))
            return redirect("admin-posts")
        result, form = admin_forms.send(request, actions.open_post, form)
        if result is not None:
            admin_forms.tell(request, result, Words("已设立。", "Opened."))
            return redirect("admin-posts")
    mine = POST.visible(page.actor, Post.objects.select_related("unit", "place"))
    rows, pager = admin_lists.page_of(request, mine)
    return render(
        request,
        "site/admin/posts.html",
        {
            "rows": _rows(rows, page),
            "pager": pager,
            "form": form,
            "may": page.actor.role == "system_admin",
            "form_title": Words("设立岗位", "Open a post"),
        },
    )


def _rows(posts: list[Post], page: Any) -> list[dict[str, Any]]:
    """Return each seat with its role and who holds it today."""
    held: dict[int, list[str]] = {}
    today = page.now.date()
    found = Appointment.objects.filter(post__in=posts, from_on__lte=today).exclude(to_on__lt=today)
    for row in found.select_related("account"):
        held.setdefault(row.post_id, []).append(row.account.display_name)
    return [{"post": p, "role": ROLES[p.role].words, "holders": held.get(p.pk, [])} for p in posts]


def _units(actor: Any) -> tuple[Option, ...]:
    rows = UNIT.visible(actor, Unit.objects.filter(collective=False, valid_to=None)).order_by("pk")
    return tuple(Option(u.code, u.words) for u in rows)


def _places(county_id: int) -> tuple[Option, ...]:
    rows = Place.objects.filter(county_id=county_id).order_by("path")
    return (
        Option("", Words("（同单位）", "(as the unit)")),
        *(Option(p.code, Words(p.name_zh, p.name_en)) for p in rows),
    )
