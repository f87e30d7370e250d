"""Printed names that mean no unit yet: each with units that look like it, to choose from or to make one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from luoshi.core.words import Words
from luoshi.gazette import queries
from luoshi.gazette.actions import units
from luoshi.gazette.pages import asking, elements, forms
from luoshi.gazette.readables import PROPOSAL
from luoshi.office.fields import Field, Option
from luoshi.office.people.acting import call_of
from luoshi.office.people.models import County, Unit

SHOWN = 12
"""Names a page shows at once; the next come up as these are resolved."""
KIND_WORDS = {
    "party": Words("党委部门", "Party body"),
    "office": Words("办公室", "Office"),
    "department": Words("政府部门", "Department"),
    "institution": Words("事业单位", "Institution"),
    "town": Words("镇", "Town"),
    "team": Words("队", "Team"),
    "city_branch": Words("市直属分支", "City branch"),
    "park": Words("园区", "Park"),
    "enterprise": Words("企业", "Enterprise"),
    "other": Words("其他", "Other"),
}


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the unknown names of one proposal."""
    if (stopped := asking.barred(request, PROPOSAL)) is not None:
        return stopped
    row = asking.proposal_or_404(request, pk)
    asked: Any = request
    county: County = asked.county
    unknown, known = queries.unknown_names(county, row)
    shorts = dict(Unit.objects.filter(county=county).order_by("short_zh").values_list("code", "short_zh"))
    outcome = units.resolve_unit.check(call_of(request, "look"), row)
    wanted = request.GET.get("new", "")
    shown = {
        "title": Words("单位名称", "Unit names"),
        "outcome": outcome,
        "rest": max(len(unknown) - SHOWN, 0),
        "names": [_one(row, name, known.near(name), shorts) for name in unknown[:SHOWN]] if outcome else [],
        "found": unknown,
        "new": _new_form(row, wanted) if outcome and wanted in unknown else None,
        "trail": [
            {"words": Words("编辑台", "Desk"), "url": reverse("gazette-desk")},
            {"words": elements.title_of(row), "url": reverse("gazette-proposal", args=[pk])},
        ],
        "back_url": reverse("gazette-names", args=[pk]),
        "none_words": Words("单位名称都已认定。", "Every unit name is resolved."),
        "none_how": Words("可以回去确认这份公报。", "Go back and confirm the gazette."),
    }
    return render(request, "gazette/desk_names.html", shown)


def _one(row: Any, name: str, near: tuple[str, ...], shorts: dict[str, str]) -> dict[str, Any]:
    order = [*near, *(code for code in shorts if code not in near)]
    options = tuple(Option(code, Words(f"{shorts[code]}（{code}）", f"{shorts[code]} ({code})")) for code in order)
    back = reverse("gazette-names", args=[row.pk])
    form = forms.build(
        row,
        "resolve_unit",
        units.resolve_unit.words,
        Field("name", Words("名称", "Name"), "hidden", name),
        Field("unit", Words(f"“{name}”就是", f"{name!r} means"), "select", options=options),
        Field("everywhere", Words("今后都这样认定", "Everywhere from now on"), "checkbox", required=False),
        back=back,
    )
    return {"name": name, "form": form}


def _new_form(row: Any, name: str) -> Any:
    back = reverse("gazette-names", args=[row.pk])
    kinds = tuple(Option(kind, KIND_WORDS[kind]) for kind in units.KINDS)
    return forms.build(
        row,
        "create_unit",
        units.create_unit.words,
        Field("name", Words("名称（照原文）", "Name as printed"), value=name),
        Field(
            "code",
            Words("单位编码", "Code"),
            hint=Words("小写字母、数字、短横，定了不改。", "Lower-case letters, figures, hyphens; it stays."),
        ),
        Field("name_en", Words("英文名", "English name")),
        Field("kind", Words("类别", "Kind"), "select", "department", options=kinds),
        Field(
            "members",
            Words("成员单位编码", "Codes of members"),
            required=False,
            hint=Words("集合单位（如“各镇”）才填。", "Only for a collective unit."),
        ),
        back=back,
    )
