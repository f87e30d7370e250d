"""Which tasks the public is shown: the class printed on the plan's document, and above it what the county decided.

主动公开 is shown. 依申请公开, 不予公开 and a document without a mark wait for a decision (GAZ-R-03, GAZ-R-04), and so
does a plan of which nothing printed is known.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.core.words import Words
from luoshi.office import register
from luoshi.office.people.models import County
from luoshi.office.plans.models import DatedValue, Plan, Task
from luoshi.supervision.promises.models import Publicity

ONLINE = "on_request_document_online"
"""The gazette's value by which a county opens (or shuts) a document printed as 依申请公开."""
CLASSES: dict[str, Words] = {
    "proactive": Words("主动公开", "proactive disclosure"),
    "on_request": Words("依申请公开", "disclosure on request"),
    "withheld": Words("不予公开", "not disclosed"),
    "": Words("未标公开属性", "no disclosure mark"),
}
_SEVERITY = ("withheld", "on_request", "", "proactive")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a plan is shown, by which class, and the decision that stands above it, where there is one."""

    plan: Plan
    printed: str
    opened: bool
    decision: Publicity | None

    @property
    def shown(self) -> bool:
        """Tell whether the tasks of the plan are shown, those apart of which the county decided one by one."""
        if self.decision is not None:
            return self.decision.shown
        return self.printed == "proactive" or (self.printed == "on_request" and self.opened)


def standings(county: County, today: dt.date) -> list[Standing]:
    """Return every plan of the county with its standing, in order."""
    plans = list(Plan.objects.filter(county=county).select_related("document").order_by("pk"))
    decided = {p.plan_id: p for p in Publicity.objects.filter(county=county, task__isnull=True)}
    documents = _documents(county)
    opened = _opened(county, today)
    packaged = _packaged(county.code)
    made = []
    for plan in plans:
        own = [(plan.document.code, plan.document.disclosure)] if plan.document else []
        printed = [*own, *documents.get(plan.pk, ())] or [("", packaged.get(plan.code, ""))]
        worst = min(printed, key=lambda d: _SEVERITY.index(d[1]) if d[1] in _SEVERITY else 0)
        made.append(
            Standing(
                plan, worst[1], all(opened(code) for code, kind in printed if kind == "on_request"),
                decided.get(plan.pk),
            )
        )  # fmt: skip
    return made


def shown_plans(county: County, today: dt.date) -> frozenset[int]:
    """Return the ids of the plans whose tasks are shown."""
    return frozenset(s.plan.pk for s in standings(county, today) if s.shown)


def condition(plans: Iterable[int], task: str = "task_id", plan: str = "plan_id") -> Q:
    """Return the condition under which a row's task is shown; ``task`` and ``plan`` are its field paths."""
    own = Publicity.objects.filter(task_id=OuterRef(task))
    return Q(Exists(own.filter(shown=True))) | (Q(**{f"{plan}__in": list(plans)}) & ~Q(Exists(own.filter(shown=False))))


def tasks(county: County, plans: Iterable[int]) -> QuerySet[Task]:
    """Return the tasks that the public is shown."""
    return Task.objects.filter(condition(plans, "pk"), county=county)


def _documents(county: County) -> Mapping[int, list[tuple[str, str]]]:
    """Return code and class of the documents each plan's tasks stand in: the strictest of them counts."""
    rows = Task.objects.filter(county=county, document__isnull=False, replaced_on__isnull=True)
    found: dict[int, list[tuple[str, str]]] = {}
    for plan_id, code, kind in rows.values_list("plan_id", "document__code", "document__disclosure").distinct():
        found.setdefault(plan_id, []).append((code, kind))
    return found


@lru_cache(maxsize=16)
def _packaged(county_code: str) -> Mapping[str, str]:
    """Return the class printed on each packaged plan of a county, by the plan's code."""
    if county_code not in register.counties():
        return {}
    names = {"public": "proactive", "proactive": "proactive", "on_request": "on_request", "withheld": "withheld"}
    return {p.code: names.get(p.disclosure or "", "") for p in register.plans(county_code)}


class _Opened:
    """Answers whether the county opened an on-request document by a day."""

    def __init__(self, whole: bool, by_code: Mapping[str, bool]) -> None:
        self.whole, self.by_code = whole, by_code

    def __call__(self, code: str) -> bool:
        return self.by_code.get(code, self.whole)


def _opened(county: County, today: dt.date) -> _Opened:
    rows = DatedValue.objects.filter(
        county=county, subject="gazette", key__startswith=ONLINE, from_on__lte=today
    ).order_by("from_on", "pk")
    decided = dict(rows.values_list("key", "value"))
    by_code = {key.removeprefix(f"{ONLINE}."): value is True for key, value in decided.items() if key != ONLINE}
    whole = decided.get(ONLINE)
    if whole is None:
        try:
            whole = register.value_on("gazette", ONLINE, today).value
        except KeyError:
            whole = False
    return _Opened(whole is True, by_code)
