"""Running a scoring over a period, and running it again; what was there stays."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from luoshi.core.outcome import Granted, Needs, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people.models import County
from luoshi.office.plans.models import Plan
from luoshi.supervision.actions.inputs import Reason, told
from luoshi.supervision.actions.subjects import missing, offices_of
from luoshi.supervision.scores import limits
from luoshi.supervision.scores import scheme as schemes
from luoshi.supervision.scores.actions import running
from luoshi.supervision.scores.models import Contest, Scoring
from luoshi.supervision.stages import REVIEW

RUNNERS: Grants = {"supervisor": "county", "leading_office": "unit"}
WHOLE = "county"


class RunInputs(Inputs):
    """Which period, and of which plan; without one all plans count."""

    from_on: Annotated[dt.date, told("开始日期", "From", "含当日", "this day included")]
    to_on: Annotated[dt.date, told("结束日期", "To", "含当日，应已过去", "this day included; it has passed")]
    plan_id: Annotated[
        int | None, told("方案", "Plan", "留空为全部方案", "empty for all plans", ge=1)
    ] = None  # fmt: skip


class ScoringInputs(Inputs):
    """One scoring."""

    scoring_id: Annotated[int, told("评分编号", "Scoring", ge=1)]


class RerunInputs(ScoringInputs):
    """Which scoring is run again, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Series:
    """What a scoring is of: one plan, or all of them."""

    county_id: int
    plan: Plan | None

    @property
    def pk(self) -> str:
        """No record stands for a series; the journal names the scoring that was made."""
        return ""

    @property
    def scope(self) -> str:
        """The name under which versions belong together."""
        return self.plan.code if self.plan is not None else WHOLE


def load_series(call: Call, inputs: RunInputs) -> Series:
    """Return the series; runs of one county wait for each other."""
    County.objects.select_for_update(no_key=True).get(pk=call.actor.county_id)
    if inputs.plan_id is None:
        return Series(call.actor.county_id, None)
    plan = Plan.objects.filter(pk=inputs.plan_id, county_id=call.actor.county_id).first()
    if plan is None:
        raise missing("plan_id", "方案", "plan")
    return Series(call.actor.county_id, plan)


def where_series(series: Series) -> Where:
    """A plan's scores belong to the unit that leads it and its office; those over all plans to no single unit."""
    return where_plan(series.county_id, series.plan)


def where_plan(county_id: int, plan: Plan | None) -> Where:
    """Return where the scores of a plan stand."""
    if plan is None or plan.leading_unit_id is None:
        return Where(county_id)
    return Where(county_id, frozenset({plan.leading_unit_id, *offices_of(plan.leading_unit_id)}))


def load_scoring(call: Call, inputs: Any) -> Scoring:
    """Return the scoring, locked; runs of one county wait for each other."""
    County.objects.select_for_update(no_key=True).get(pk=call.actor.county_id)
    mine = Scoring.objects.select_for_update(of=("self",)).select_related("plan")
    found = mine.filter(pk=inputs.scoring_id, county_id=call.actor.county_id).first()
    if found is None:
        raise missing("scoring_id", "评分", "scoring")
    return found


def where_scoring(scoring: Scoring) -> Where:
    """Return where a scoring stands."""
    return where_plan(scoring.county_id, scoring.plan)


def is_latest(scoring: Scoring) -> Outcome:
    """Only the latest version goes on: it has not been run again."""
    later = Scoring.objects.filter(replaces_id=scoring.pk).values_list("version", flat=True).first()
    if later is None:
        return Granted()
    return refuse(
        "run_again", f"这一版已经重算为第{later}版。", f"This version has been run again as version {later}.",
        Words("请打开最新一版。", "Open the latest version."), (REVIEW,), version=later,
    )  # fmt: skip


@action(
    "scores.run",
    Words("运行评分", "Run the scores"),
    subject="scoring",
    grants=RUNNERS,
    inputs=RunInputs,
    load=load_series,
    where=where_series,
    clauses=(REVIEW,),
)
def run(call: Call, series: Series, inputs: RunInputs) -> Decision:
    """Compute all units' scores of a period that is over, and freeze them with their facts and the scheme."""
    if inputs.to_on < inputs.from_on:
        return _not(limits.period_stands(inputs.from_on, inputs.to_on, call.today, schemes.packaged()[-1]))
    scheme = schemes.in_force(inputs.from_on)
    answer = limits.period_stands(inputs.from_on, inputs.to_on, call.today, scheme)
    if not isinstance(answer, Granted):
        return _not(answer)
    of_period = Scoring.objects.filter(
        county_id=series.county_id, scope=series.scope, from_on=inputs.from_on, to_on=inputs.to_on
    )
    there = of_period.order_by("-version").first()
    if there is not None:
        return refuse(
            "already_run", f"这一期间已经评分（第{there.version}版）。",
            f"This period has been scored (version {there.version}).",
            Words("请打开该评分，需要时重算。", "Open that scoring and run it again if needed."), (REVIEW,),
            scoring=there.pk,
        )  # fmt: skip
    made = _new(call, series.scope, series.plan, inputs.from_on, inputs.to_on, scheme)
    made.save()
    running.compute(made, scheme)
    return _told(made, Words("运行评分", "Scores run"))


@action(
    "scores.rerun",
    Words("重算评分", "Run the scores again"),
    subject="scoring",
    grants=RUNNERS,
    inputs=RerunInputs,
    load=load_scoring,
    where=where_scoring,
    why_not=lambda call, scoring: is_latest(scoring),
    clauses=(REVIEW,),
)
def rerun(call: Call, scoring: Scoring, inputs: RerunInputs) -> Decision:
    """Compute the same period anew, with what was granted on contests, under the same scheme; the old version stays."""
    scheme = schemes.of(scoring.scheme)
    made = _new(call, scoring.scope, scoring.plan, scoring.from_on, scoring.to_on, scheme)
    made.version, made.replaces, made.reason = scoring.version + 1, scoring, inputs.reason
    made.save()
    running.compute(made, scheme)
    return _told(made, Words("重算评分", "Scores run again"), before={"scoring": scoring.pk, "digest": scoring.digest})


def _new(
    call: Call, scope: str, plan: Plan | None, from_on: dt.date, to_on: dt.date, scheme: schemes.Scheme
) -> Scoring:
    assert call.actor.account_id is not None and call.actor.unit_id is not None, "people in posts run scores"
    return Scoring(
        county_id=call.actor.county_id, scope=scope, plan=plan, from_on=from_on, to_on=to_on,
        scheme=dict(scheme.data), run_on=call.today, run_by_id=call.actor.account_id, office_id=call.actor.unit_id,
    )  # fmt: skip


def _told(made: Scoring, words: Words, before: dict[str, Any] | None = None) -> Done:
    corrected = Contest.objects.filter(county_id=made.county_id, state="upheld").count()
    said = Words(
        f"{words.zh}：{made.from_on}至{made.to_on}，第{made.version}版，{made.units}个单位、{made.items}项。",
        f"{words.en}: {made.from_on} to {made.to_on}, version {made.version}, {made.units} units, {made.items} items.",
    )
    return Done(
        said, before=before or {}, after={"digest": made.digest, "reason": made.reason},
        facts={"scheme": made.scheme["code"], "scope": made.scope, "corrections": corrected},
        values={"scoring": made.pk, "version": made.version, "units": made.units}, subject_id=made.pk,
    )  # fmt: skip


def _not(answer: Outcome) -> Refused | Needs:
    assert isinstance(answer, Refused | Needs), "a granted answer goes on"
    return answer
