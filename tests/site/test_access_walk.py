"""A walk through every address of the installation, as everybody: nothing breaks, and nobody sees what is not theirs.

The routes come from the resolver, so a new one is walked without being named here. One that is open to strangers must
be put on the list below by hand, and one with a new parameter needs a sample in ``tests/site/world.py``.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from luoshi.office import door, present
from luoshi.office.access import READABLES
from luoshi.office.actions import ACTIONS
from luoshi.office.people import acting
from luoshi.office.people.roles import ROLE_CHOICES
from tests.site import world
from tests.site.world import FOREIGN, OFFICE, OTHER, Route, World
from tests.supervision.small_county import NOW

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
AWAY = "203.0.113.9"  # not this machine: the demo's one-click sign-in and the metrics stay shut

PUBLIC_ROUTES = {
    "front", "gallery", "clause", "healthz", "sign-in", "openapi-json", "gazette-issues", "gazette-feed",
    "gazette-chronicle", "gazette-basis", "gazette-issue", "document", "document-xml", "document-contacts",
    "document-clause", "search", "readings", "reading", "request-new", "request-find", "request-state",
    "public-notices", "public-notice", "robots",
}  # fmt: skip
# Who reaches no further than the own unit or place, and so never sees what the health unit does.
NARROW = (
    "market.officer", "market.unit_head", "police.officer", "town-a.town_clerk", "village-a1.village_clerk",
    "office.disclosure_officer", "office.system_admin", "office.security_admin",
)  # fmt: skip
ADMINISTRATORS = ("office.system_admin", "office.security_admin", "office.audit_admin")
# What the audit administrator may read of everybody: the journal, which says in a line what was done.
AUDITED = ("admin/journal", "api/v1/journal")
# A narrow seat's duties for the whole county: requests for information, what the public sees of the plans, and the inbox
# of its unit, in which the county's office is asked to approve checks of others and to decide what others contest.
WHOLE_COUNTY = {"office.disclosure_officer": ("requests", "promises", "api/v1/duties")}
# Lists that answer a stranger with nothing, because only what is one's own is in them.
PUBLIC_ROUTES |= {"api/v1/accounts", "api/v1/appointments"}
PUBLIC_ROUTES |= {name for part in world.samples() for name in part.PUBLIC}
OPEN_LISTS = ("api/v1/units", "api/v1/accounts", "api/v1/appointments", "api/v1/proposals")
# Addresses where what stands in the home county is public or a directory, so that another unit's is no secret there.
OPEN_OBJECTS = {"code", "unit_id", "account_id", "appointment_id", "pk"}


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """The mark only asks for the test database; the transaction is the module's own, below."""


@pytest.fixture(scope="module")
def everything(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both counties, made once; each request below is taken back, and everything at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(present, "now", lambda: NOW)
        yield world.build()
        transaction.set_rollback(True)


def seat_client(built: World, seat: str) -> Client:
    """Return a browser signed in to a seat of the home county; an empty seat is a stranger."""
    client = Client(REMOTE_ADDR=AWAY, raise_request_exception=False)
    if seat:
        row = built.home.seats[seat]
        client.force_login(row.account)
        session = client.session
        session[acting.POST_KEY] = row.post_id
        session.save()
    return client


def text_of(response: HttpResponse) -> str:
    """Return all words of an answer, also those packed into a workbook or a pdf."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    kind = response.get("Content-Type", "")
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if kind.startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    said = body.decode("utf-8", "replace")
    if "json" in kind:
        said += json.dumps(json.loads(said), ensure_ascii=False) if not response.streaming else ""
    return said + str(response.headers)


def test_every_role_of_the_house_walks(everything: World) -> None:
    walking = {row.post.role for row in everything.home.seats.values()}
    assert walking == {code for code, _ in ROLE_CHOICES}


def test_every_parameter_has_a_sample(everything: World) -> None:
    missing = set()
    for route in world.routes():
        for objects in (everything.own, everything.other, everything.strange):
            try:
                assert world.addresses(route, objects)
            except world.NoSample as fault:
                missing.add(str(fault))
    assert missing == set()


def test_the_markers_are_really_there_for_who_may_see_them(everything: World) -> None:
    """Without this the walk could pass by seeing nothing at all."""
    clerk = seat_client(everything, "market.officer")
    task = everything.own.ids["task_id"]
    assert OFFICE in text_of(clerk.get(f"/tasks/{task}")) and OFFICE in text_of(clerk.get(f"/api/v1/tasks/{task}"))
    supervisor = seat_client(everything, "office.supervisor")
    shown = text_of(supervisor.get("/tasks"))
    assert OFFICE in shown and OTHER in shown
    assert OTHER in text_of(supervisor.get("/tasks/export.xlsx"))
    stranger = everything.foreign.seats["market.officer"]
    client = Client(REMOTE_ADDR=AWAY)
    client.force_login(stranger.account)
    assert FOREIGN in text_of(client.get(f"/tasks/{everything.strange.ids['task_id']}"))


def known(route: Route, objects: world.Objects) -> list[str]:
    """Return a route's addresses; none where a sample is missing, which is the failure of one test and not of all."""
    try:
        return world.addresses(route, objects)
    except world.NoSample:
        return []


def walked(built: World, seat: str) -> Iterator[tuple[Route, str, str, HttpResponse, str]]:
    """Yield route, owner of the objects, address, answer and its words for every address."""
    client = seat_client(built, seat)
    owners = {"own": built.own, "other": built.other, "foreign": built.strange}
    for route in world.routes():
        for owner, objects in owners.items():
            if owner != "own" and not world.leads_to_an_object(route):
                continue
            for address in known(route, objects):
                with transaction.atomic():
                    response = client.get(address)
                    yield route, owner, address, response, text_of(response)
                    transaction.set_rollback(True)


SEATS = tuple(f"{unit}.{role}" for unit, role in world.small_county.SEATS)


@pytest.mark.parametrize("seat", SEATS)
def test_nothing_breaks_and_nobody_sees_what_is_not_theirs(everything: World, seat: str) -> None:
    broken, foreign, others, office, opened = [], [], [], [], []
    for route, owner, address, response, words in walked(everything, seat):
        audited = seat == "office.audit_admin" and route.pattern.startswith(AUDITED)
        if response.status_code >= 500:
            broken.append((address, response.status_code))
        if FOREIGN in words:
            foreign.append(address)
        if OTHER in words and _narrow(route, seat):
            others.append(address)
        if (OFFICE in words or OTHER in words) and seat in ADMINISTRATORS and not audited:
            office.append(address)
        hidden = _hidden(route, owner, seat)
        # The state of a request or a clue answers every number without its code alike: with a form.
        if hidden and response.status_code == 200 and route.name not in ("request-state", "clue-state"):
            opened.append(address)
    assert {"broken": broken, "foreign": foreign, "others": others, "office": office, "opened": opened} == {
        "broken": [], "foreign": [], "others": [], "office": [], "opened": [],
    }  # fmt: skip


def _named(route: Route) -> bool:
    """Tell whether a name is a route's own: the API's lists all have one and the same."""
    return sum(r.name == route.name for r in world.routes()) == 1


def _hidden(route: Route, owner: str, seat: str) -> bool:
    """Tell whether this owner's objects must stay shut to this seat at this address."""
    if owner == "foreign":
        return True
    open_here = bool(set(route.parameters) & OPEN_OBJECTS) or route.pattern.startswith(OPEN_LISTS)
    return owner == "other" and _narrow(route, seat) and not open_here


def _narrow(route: Route, seat: str) -> bool:
    """Tell whether this seat reaches no further than its unit or place at this address."""
    return seat in NARROW and not (seat in WHOLE_COUNTY and route.pattern.startswith(WHOLE_COUNTY[seat]))


def test_strangers_are_given_only_public_routes(everything: World) -> None:
    given, broken, leaked = set(), [], []
    for route, _, address, response, words in walked(everything, ""):
        if response.status_code >= 500:
            broken.append((address, response.status_code))
        if any(mark in words for mark in (FOREIGN, OTHER, OFFICE)):
            leaked.append(address)
        if response.status_code == 200:
            given.add(route.pattern if route.pattern.startswith("api/v1/") and not _named(route) else route.name)
    assert (broken, leaked) == ([], [])
    assert given - PUBLIC_ROUTES == set(), "a route open to strangers is put on PUBLIC_ROUTES by hand"
    assert PUBLIC_ROUTES - given <= {"public-notice", "document-contacts"}, "listed, but not given"


def snapshot(county_id: int) -> str:
    """Return one digest over every row of a county."""
    said = hashlib.sha256()
    for model in apps.get_models():
        named = {f.name for f in model._meta.get_fields()}
        if "county" in named:
            for row in model._default_manager.filter(county_id=county_id).order_by("pk").values_list():
                said.update(repr(row).encode())
    return said.hexdigest()


def payloads(built: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every action of the API with inputs that all point into the other county."""
    for name, act in sorted(ACTIONS.items()):
        given = {
            field: _foreign_value(built, field, info.annotation) for field, info in act.inputs.model_fields.items()
        }
        yield name, given


def _foreign_value(built: World, field: str, annotation: Any) -> Any:
    ids = built.strange.ids
    known = {"account": "account_id", "person": "person_id", "appointment": "appointment_id", "notice": "notice_id",
             "proposal": "pk", "unit": "unit_id", "task": "task_id"}  # fmt: skip
    wants_number = annotation is int or int in get_args(annotation)
    if wants_number and field in ids:
        return ids[field]
    if wants_number and field in known:
        return ids[known[field]]
    if wants_number:
        return built.foreign.seats["market.officer"].post_id if field == "post" else 1
    if "files" in field:
        return [ids["file_id"]]
    if field.endswith("_on"):
        return "2023-07-03"
    return {"number": ids["request.number"], "document": "foreign-open", "code": "foreign-open"}.get(
        field, "外部试探文字"
    )


@pytest.mark.parametrize("seat", ["", *SEATS])
def test_nobody_changes_another_county_through_any_form_or_the_api(everything: World, seat: str) -> None:
    before = snapshot(everything.foreign.county.pk)
    broken, leaked = [], []
    with transaction.atomic():
        for address, body, kind in tries(everything):
            client = seat_client(everything, seat)  # a fresh one: some of these sign out
            response = client.post(address, body, content_type=kind) if kind else client.post(address, body)
            words = text_of(response)
            if response.status_code >= 500:
                broken.append((address, response.status_code))
            if FOREIGN in words and FOREIGN not in address + json.dumps(body, ensure_ascii=False):
                leaked.append(address)
        changed = snapshot(everything.foreign.county.pk) != before
        transaction.set_rollback(True)
    assert (broken, changed, leaked) == ([], False, [])


def tries(built: World) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield every address and every action with what somebody could send to reach into the other county."""
    for route in world.routes():
        if not route.pattern.startswith("api/"):
            for address in known(route, built.strange):
                yield address, {"request_id": address[-60:], "purpose": "随便看看", "reason": "试一试"}, ""
    for name, body in payloads(built):
        yield f"/api/v1/actions/{name}", body, "application/json"


def test_a_change_of_the_other_county_would_be_noticed(everything: World) -> None:
    before = snapshot(everything.foreign.county.pk)
    with transaction.atomic():
        with door.opened("fixture"):
            everything.foreign.plan.save(update_fields=["subject"])
        assert snapshot(everything.foreign.county.pk) == before
        with door.opened("fixture"):
            type(everything.foreign.plan).objects.filter(pk=everything.foreign.plan.pk).update(name_en="changed")
        assert snapshot(everything.foreign.county.pk) != before
        transaction.set_rollback(True)


def test_every_readable_hides_the_other_county_from_every_seat(everything: World) -> None:
    """Each kind of record that can be read is asked for all its rows, as every seat."""
    seen = []
    for readable in READABLES.values():
        for seat in everything.home.seats:
            for model in models_of(readable):
                rows = readable.visible(everything.home.actor(seat), model._default_manager.all())
                theirs = rows.filter(**{readable.county_lookup: everything.foreign.county.pk})
                if theirs.exists():
                    seen.append((readable.name, seat))
    assert seen == []


def models_of(readable: Any) -> list[Any]:
    """Return the models whose fields a readable's look-ups can all follow; at least one."""
    fits = []
    for model in apps.get_models():
        try:
            for path in (readable.county_lookup, *readable.lookups.values()):
                model._default_manager.filter(**{f"{path}__isnull": True})
        except FieldError:  # this model has no such look-up
            continue
        if model.__name__.lower() == readable.name or readable.name in (model.__name__.lower(), model._meta.model_name):
            return [model]
        fits.append(model)
    assert fits, f"no model fits the readable {readable.name}"
    return fits
