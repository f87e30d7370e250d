"""The front page: what one sees here, the demo's one-click sign-in, and what is public."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.people.models import Appointment
from luoshi.office.people.roles import ROLES
from luoshi.site.pages import demo_sign_in
from luoshi.site.templatetags.components import address

rail.add("desk", "front", Words("首页", "Start"), public=True, order=1)

ROLE_HINTS = {
    "officer": Words("收到任务，报进展、传材料", "gets tasks, reports progress, adds evidence"),
    "unit_head": Words("看本单位的全部任务与期限", "sees the unit's tasks and days"),
    "town_clerk": Words("办本镇的事，看各村的事", "works for the town, sees its villages"),
    "village_clerk": Words("办本村的事", "works for one village"),
    "supervisor": Words("审报告、催办、督办", "reviews reports, chases what is late"),
    "leading_office": Words("牵头一个方案", "leads a plan"),
    "county_head": Words("看全县：谁逾期、下一步是谁", "sees the county: who is late, whose turn it is"),
    "editor": Words("导入公报，逐条核对", "imports the gazette and checks it clause by clause"),
    "disclosure_officer": Words("管公示与公开", "keeps public notices and disclosure"),
    "auditor": Words("查留痕与封存", "checks the journal and its seals"),
    "system_admin": Words("设岗位、开账号", "opens posts and accounts"),
    "security_admin": Words("任免、解锁", "appoints and unlocks"),
    "audit_admin": Words("只看日志", "reads the logs only"),
}


def page(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    wanted: Any = request
    offered = demo_sign_in.offered(request) and wanted.county is not None
    return render(
        request,
        "site/front.html",
        {"posts": _posts(wanted) if offered else [], "offered": offered, "doors": _doors(wanted)},
    )


def _posts(request: Any) -> list[dict[str, Any]]:
    """Return the posts of the demo county that are held today, grouped by role in the order of the roles."""
    day = request.now.astimezone(COUNTY_ZONE).date()
    rows = (
        Appointment.objects.filter(county=request.county, from_on__lte=day, post__closed=False, account__is_active=True)
        .exclude(to_on__lt=day)
        .select_related("post__unit")
        .annotate(work=Count("post__unit__duties", filter=Q(post__unit__duties__state="open")))
        .order_by("-work", "post__unit__short_zh", "pk")
    )
    grouped: dict[str, list[Appointment]] = {}
    for row in rows:
        grouped.setdefault(row.post.role, []).append(row)
    return [
        {"role": role, "hint": ROLE_HINTS.get(code), "first": mine[:3], "rest": mine[3:]}
        for code, role in ROLES.items()
        if (mine := grouped.get(code, []))
    ]


def _doors(request: Any) -> list[dict[str, Any]]:
    """Return what this reader may open, from the rail, as the front page lists it."""
    groups = []
    for title, entries in rail.entries(request.actor):
        links = [{"words": e.words, "url": url} for e in entries if e.route != "front" and (url := address(e.route))]
        if links:
            groups.append({"title": title, "links": links})
    return groups
