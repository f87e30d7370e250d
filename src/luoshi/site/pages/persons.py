"""Natural persons: look up by number, record, see masked, show one field for a purpose, put right, share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Action
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Row
from luoshi.office.people import person_actions, persons
from luoshi.office.people.models import Person, Place, Unit
from luoshi.office.people.readables import PERSON
from luoshi.site.pages import admin_forms, admin_lists
from luoshi.site.templatetags.luoshi import words

rail.add("desk", "persons", Words("个人信息", "Persons"), reads="person", order=80)
_PURPOSE = Field(
    "purpose",
    Words("用来做什么", "What for"),
    hint=Words("会留痕；不要写姓名和号码。", "Kept in the journal; leave names and numbers out."),
)
_ACTS: dict[str, Action[Any, Any]] = {
    "show": person_actions.reveal,
    "correct": person_actions.correct,
    "share": person_actions.share,
}
_WHICH = tuple(Option(code, said) for code, said in persons.FIELDS.items())


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@admin_forms.for_readers("person")
def page(request: HttpRequest) -> HttpResponse:
    """List the persons of the reader's scope, masked, and look one up by a number that is sent, never addressed."""
    page: Any = request
    form = Form.fresh(
        reverse("persons"),
        Words("查找", "Look up"),
        Field("number", Words("公民身份号码或手机号", "ID number or telephone")),
    )
    if request.method == "POST":
        result, form = admin_forms.send(request, person_actions.look_up, form)
        if result is not None and result.values["person"]:
            return redirect("person", person_id=result.values["person"])
        if result is not None:
            messages.warning(request, words(Words("您的范围内没有查到。", "Nobody found within your scope.")))
            return redirect("persons")
    rows, pager = admin_lists.page_of(request, PERSON.visible(page.actor, Person.objects.select_related("place")))
    columns = tuple(Column(code, said) for code, said in persons.FIELDS.items() if code != "address")
    lines = tuple(
        Row(str(p.pk), (m.name, m.id_number or "—", m.phone or "—", m.place), href=reverse("person", args=[p.pk]))
        for p, m in ((p, p.masked) for p in rows)
    )
    columns = (*columns, Column("place", Words("居住地", "Place")))
    ledger = Ledger("persons", Words("个人信息", "Persons"), columns, lines, pager=pager)
    return render(request, "site/persons/list.html", {"ledger": ledger, "form": form, "may_record": _may_record(page)})


def _may_record(page: Any) -> bool:
    return page.actor.role in person_actions.record.grants


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@admin_forms.for_readers("person")
def new(request: HttpRequest) -> HttpResponse:
    """Record a person."""
    page: Any = request
    if not _may_record(page):
        raise admin_forms.closed()
    places = Place.objects.filter(county_id=page.actor.county_id).order_by("path")
    form = Form.fresh(
        reverse("person-new"),
        Words("登记", "Record"),
        Field("name", persons.FIELDS["name"]),
        Field("id_number", persons.FIELDS["id_number"], required=False),
        Field("phone", persons.FIELDS["phone"], required=False, inputmode="tel"),
        Field("address", persons.FIELDS["address"], required=False),
        Field(
            "place",
            Words("居住地", "Place"),
            "select",
            options=tuple(Option(p.code, Words(p.name_zh, p.name_en)) for p in places),
        ),
        _PURPOSE,
    )
    if request.method == "POST":
        result, form = admin_forms.send(request, person_actions.record, form)
        if result is not None:
            admin_forms.tell(request, result, Words("已登记。", "Recorded."))
            return redirect("person", person_id=result.values["person"])
    title = Words("登记个人信息", "Record a person")
    trail = [{"words": Words("个人信息", "Persons"), "url": reverse("persons")}]
    return render(request, "site/account/form.html", {"title": title, "form": form, "trail": trail, "note": None})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@admin_forms.for_readers("person")
def one(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person masked; one field stays open for some minutes to who has asked for it with a purpose."""
    page: Any = request
    found = get_object_or_404(PERSON.visible(page.actor, Person.objects.select_related("place")), pk=person_id)
    here = reverse("person", args=[found.pk])
    forms = _forms(found, here)
    what = request.POST.get("what") or request.GET.get("do") or "show"
    what = what if what in forms else "show"
    if request.method == "POST":
        result, forms[what] = admin_forms.send(request, _ACTS[what], forms[what], person=found.pk)
        if result is not None:
            if what == "show":
                return redirect(f"{here}?shown={result.entry_id}")
            admin_forms.tell(request, result, Words("已办理。", "Done."))
            return redirect("person", person_id=found.pk)
    entry_id = admin_lists.number(request.GET.get("shown", ""))
    shown = persons.revealed(page.actor, found.pk, entry_id, page.now) if entry_id else None
    masked = found.masked
    lines = [
        {
            "words": said,
            "value": shown[1] if shown and shown[0] == code else getattr(masked, code),
            "open": bool(shown and shown[0] == code),
        }
        for code, said in persons.FIELDS.items()
    ]
    tabs = [
        {"words": f.submit, "url": f"{here}?do={code}", "here": code == what, "count": None}
        for code, f in forms.items()
    ]
    return render(
        request,
        "site/persons/person.html",
        {
            "person": masked,
            "lines": lines,
            "tabs": tabs,
            "what": what,
            "form": forms[what],
            "concerns": found.concerns.select_related("unit"),
        },
    )


def _forms(person: Person, here: str) -> dict[str, Form]:
    units = Unit.objects.filter(county_id=person.county_id, collective=False, valid_to=None).order_by("pk")
    which = Field("field", Words("哪一项", "Which field"), "select", options=_WHICH)
    return {
        "show": Form.fresh(here, Words("显示一项", "Show one field"), which, _PURPOSE),
        "correct": Form.fresh(
            here,
            Words("更正一项", "Put one field right"),
            which,
            Field("value", Words("正确内容", "What is right")),
            Field(
                "checked_against",
                Words("核对的依据", "Checked against"),
                hint=Words("例如：居民身份证原件。", "Such as: the ID card itself."),
            ),
        ),
        "share": Form.fresh(
            here,
            Words("告知相关单位", "Share with a unit"),
            Field("unit", Words("单位", "Unit"), "select", options=tuple(Option(u.code, u.words) for u in units)),
            _PURPOSE,
        ),
    }
