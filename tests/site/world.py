"""Two whole counties for the walk through every address, each word of them marked with whose it is.

A new route's parameter needs a sample: put it into ``populate`` (an object of a county) or into ``FIXED`` (a word
that is no object) here, or into a ``samples.py`` beside the tests of the part, which has both and ``PUBLIC``, the names
of the routes that strangers may open. The walk fails until that is done, so that no route is forgotten.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Concat
from django.urls import URLPattern, URLResolver, get_resolver

from luoshi.gazette.actions import receive
from luoshi.gazette.models import DisclosureRequest
from luoshi.office import door
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import actions as evidence
from luoshi.office.journal.models import Entry
from luoshi.office.notices.models import PublicNotice
from luoshi.office.people import person_actions
from luoshi.office.people.models import Account, County, Person, Place, Post, Unit
from luoshi.office.plans.models import Document, Plan
from luoshi.supervision import actions
from luoshi.supervision.models import Report
from luoshi.supervision.pages.offers import REPORT_OFFERS, SHARE_OFFERS
from tests.gazette.publication.conftest import publish
from tests.office.people.test_persons import made_id
from tests.supervision import small_county
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_actions import picture

FOREIGN, OTHER, OFFICE = "外县密文", "他家密文", "办公密文"
GAZETTE = Path(__file__).resolve().parents[1] / "cases" / "second_county" / "gazette.txt"
COLOURS = {FOREIGN: "red", OTHER: "green", OFFICE: "blue"}  # the same bytes would be one file
_people = itertools.count(1)

# Words in addresses that name no object of a county. Each value is tried.
FIXED: dict[str, tuple[object, ...]] = {
    "clause_id": ("FOOD-0d",),
    "kind": ("csv", "xlsx"),
    "share-act.verb": tuple(SHARE_OFFERS),
    "report-act.verb": tuple(REPORT_OFFERS),
    "name": ("account.unlock", "account.disable"),
    "g.year": (2023,),
    "g.number": (2,),
    "path": ("一",),
    "reading_id": ("GAZ-R-03",),
}


@dataclass
class Objects:
    """One set of objects, by the name of the parameter that leads to them; ``route.parameter`` is looked at first."""

    ids: dict[str, object] = field(default_factory=dict)


@dataclass
class World:
    """The county one is in, the county nobody here may see, and objects of three owners."""

    home: Small
    foreign: Small
    own: Objects
    other: Objects
    strange: Objects


def build() -> World:
    """Make both counties. The home county comes first: it is the one that strangers are shown."""
    home, foreign = small_county.make("home"), small_county.make("foreign")
    with door.opened("fixture"):
        _mark_names(foreign.county, FOREIGN)
    common = _publish(home, OFFICE)
    strange = populate(foreign, "market", FOREIGN)
    strange.ids |= _publish(foreign, FOREIGN)
    own, other = populate(home, "market", OFFICE), populate(home, "health", OTHER)
    own.ids |= common
    other.ids = common | other.ids
    return World(home, foreign, own, other, strange)


def _mark_names(county: County, mark: str) -> None:
    named: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
        (Unit, ("name_zh", "name_en", "short_zh")), (Place, ("name_zh", "name_en")), (Account, ("display_name",)),
        (Post, ("title_zh", "title_en")), (Plan, ("name_zh", "name_en")),
    )  # fmt: skip
    County.objects.filter(pk=county.pk).update(name_zh=f"{mark}县", name_en=mark)
    for model, columns in named:
        marked = {c: Concat(F(c), Value(mark), output_field=CharField()) for c in columns}
        model._default_manager.filter(county=county).update(**marked)
    county.refresh_from_db()


def populate(small: Small, unit: str, mark: str) -> Objects:
    """Give one unit a task with everything that hangs on it, each text marked, and return the ids."""
    officer = f"{unit}.officer"
    heading = {"heading_zh": f"{mark}任务", "heading_en": f"{mark} task"}
    task = small.task(units=((unit, "responsible"),), **heading)
    share = small.share(task, unit)
    assert actions.accept(small.call(officer), assignment_id=share.pk).outcome
    assert actions.start(small.call(officer), assignment_id=share.pk).outcome
    file = evidence.receive(small.call(officer), f"{mark}.jpg", [picture(COLOURS[mark])])
    done = actions.report_done(
        small.call(officer), assignment_id=share.pk, text=f"{mark}报告内容", files=[file.values["file"]]
    )
    assert done.outcome, done.outcome
    report = Report.objects.get(pk=done.values["report"])
    person = _person(small, unit, mark)
    with door.opened("fixture"):
        draft = PublicNotice.objects.create(
            county=small.county, unit=small.units[unit], subject_kind="plan", subject_id="1", title_zh=f"{mark}公告草稿",
            body=mark,
        )  # fmt: skip
        request = DisclosureRequest.objects.create(
            county=small.county, number=f"{small.county.code}-{unit}-1", person=person, unit=small.units[unit], wanted=f"{mark}想要的信息",
            received_on=TODAY, events=[{"kind": "start", "at": small_county.NOW.isoformat()}],
        )  # fmt: skip
    seat = small.seats[officer]
    ids: dict[str, object] = {
        "task_id": task.pk, "assignment_id": share.pk, "duty_id": Duty.objects.get(pk=share.duty_id).pk,
        "report_id": report.pk, "file_id": file.values["file"], "unit_id": small.units[unit].pk,
        "account_id": seat.account_id, "appointment_id": seat.pk, "person_id": person.pk, "notice_id": draft.pk,
        "entry_id": Entry.objects.filter(account_id=seat.account_id).order_by("pk").values_list("pk", flat=True)[0],
        "request.number": request.number, "request-state.number": request.number,
    }  # fmt: skip
    of_resource = {"tasks": "task_id", "assignments": "assignment_id", "duties": "duty_id", "reports": "report_id",
                   "journal": "entry_id", "persons": "person_id", "units": "unit_id", "accounts": "account_id",
                   "appointments": "appointment_id"}  # fmt: skip
    ids |= {f"api/v1/{name}.record_id": ids[key] for name, key in of_resource.items()}
    for part in samples():
        ids |= part.populate(small, unit, mark)
    return Objects(ids)


def samples() -> list[ModuleType]:
    """Return the samples of the parts that bring their own: ``tests/**/samples.py`` with ``populate(small, unit, mark)``."""
    root = Path(__file__).resolve().parents[2]
    found = sorted((root / "tests").glob("**/samples.py"))
    return [import_module(".".join(p.relative_to(root).with_suffix("").parts)) for p in found]


@cache
def fixed() -> dict[str, tuple[object, ...]]:
    """Return the words in addresses that name no object, those of the parts (``FIXED``) with them."""
    return FIXED | {key: values for part in samples() for key, values in part.FIXED.items()}


def _person(small: Small, unit: str, mark: str) -> Person:
    number = next(_people)
    call = small.call(f"{unit}.officer")
    made = person_actions.record(
        call, name=f"{mark}人", id_number=made_id(900 + number), phone=f"1390000{number:04d}", address=f"{mark}住址",
        place="town-b", purpose=f"{mark}办理申请",
    )  # fmt: skip
    assert made.outcome, made.outcome
    return Person.objects.get(pk=made.values["person"])


def _publish(small: Small, mark: str) -> dict[str, object]:
    """Publish an issue and receive a gazette at the desk; return the ids that lead there."""
    publish(SimpleNamespace(county=small.county, places={"east": small.places["town-a"]}))
    with door.opened("fixture"):
        if mark == FOREIGN:
            shown = {c: Concat(F(c), Value(mark), output_field=CharField()) for c in ("title_zh", "number")}
            Document.objects.filter(county=small.county).update(**shown)
    text = f"{mark}\n\n" + GAZETTE.read_text("utf-8")
    proposal = receive.receive(small.call("office.editor"), name=f"{mark}.txt", text=text).values["proposal"]
    code = f"{small.county.code}-open"
    # No version has been changed here, so that address is tried with a number that leads nowhere.
    return {"pk": proposal, "api/v1/proposals.record_id": proposal, "code": code, "gazette-undo-version.pk": 0}


@dataclass(frozen=True)
class Route:
    """One address of the installation with the names of its parameters."""

    pattern: str
    name: str
    parameters: tuple[str, ...]
    build: Callable[..., str]


def routes() -> list[Route]:
    """Return every route of the resolver, in order."""
    return list(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for found in resolver.url_patterns:
        pattern = prefix + str(found.pattern)
        if isinstance(found, URLPattern):
            parameters = tuple(found.pattern.converters)
            yield Route(pattern, str(found.name or ""), parameters, _builder(pattern))
        else:
            yield from _routes(found, pattern)


def _builder(pattern: str) -> Callable[..., str]:
    import re

    def build(**given: object) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(given[m[1]]), pattern)

    return build


def keys(route: Route, parameter: str) -> tuple[str, ...]:
    """Return the names under which a parameter's sample may stand, the closest first."""
    head = route.pattern.split("<")[0].rstrip("/")
    return (f"{route.name}.{parameter}", f"{head}.{parameter}", parameter)


class NoSample(AssertionError):
    """A route has a parameter for which ``tests/site/world.py`` has no sample."""


def addresses(route: Route, objects: Objects) -> list[str]:
    """Return the addresses of a route for one owner's objects."""
    choices: list[list[tuple[str, Any]]] = []
    for parameter in route.parameters:
        found = next((s[k] for k in keys(route, parameter) for s in (fixed(), objects.ids) if k in s), None)
        if found is None:
            raise NoSample(f"{route.pattern}: no sample for {parameter!r}; add it to tests/site/world.py")
        values = found if isinstance(found, tuple) else (found,)
        choices.append([(parameter, v) for v in values])
    return [route.build(**dict(chosen)) for chosen in itertools.product(*choices)]


def leads_to_an_object(route: Route) -> bool:
    """Tell whether any parameter of a route names an object of a county."""
    return any(not any(k in fixed() for k in keys(route, p)) for p in route.parameters)
