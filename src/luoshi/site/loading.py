"""A county from its packaged data: directory, plans, and the duties of tasks whose time has come."""

import datetime as dt

from luoshi.core.words import Words
from luoshi.office import register
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people.models import County
from luoshi.office.plans import loading
from luoshi.supervision import assignments
from luoshi.supervision.meetings.actions import load_groups


class Nothing(Inputs):
    """No input."""


def _county(call: Call, inputs: Inputs) -> County:
    return County.objects.select_for_update().get(pk=call.actor.county_id)


@action(
    "task.assign_started",
    Words("交办到期方案任务", "Assign tasks whose time has come"),
    subject="county",
    grants={"system": "county", "supervisor": "county"},
    inputs=Nothing,
    load=_county,
    where=lambda county: Where(county.pk),
)
def assign_started(call: Call, county: County, inputs: Nothing) -> Done:
    """Open assignments and duties for every calendar task that has none yet."""
    made = assignments.open_for(county.pk, loading.started_tasks(county), call.today)
    return Done(Words(f"交办{made}项。", f"Assigned {made}."), values={"assigned": made}, subject_id=county.pk)


def load_directory(code: str, now: dt.datetime) -> County:
    """Load a county's units and places and return it."""
    county = loading.found(code)
    loading.load_directory(loading.system_call(county, now, f"load:directory:{now.isoformat()}"), folder=code)
    return county


def load_plan_on(county: County, plan: register.PlanData, now: dt.datetime) -> int:
    """Load one packaged plan and assign what it gives; return the number of new tasks."""
    stamp = now.isoformat()
    call = loading.system_call(county, now, f"load:{plan.code}:{stamp}")
    made = int(loading.load_plan(call, subject=plan.subject).values["tasks"])
    load_groups(loading.system_call(county, now, f"load:{plan.code}:groups:{stamp}"), subject=plan.subject)
    assign_started(loading.system_call(county, now, f"load:{plan.code}:assign:{stamp}"))
    return made


def load_county(code: str, now: dt.datetime) -> tuple[County, int]:
    """Load everything packaged for one county and return it with the number of new tasks."""
    county = load_directory(code, now)
    return county, sum(load_plan_on(county, plan, now) for plan in register.plans(code))
