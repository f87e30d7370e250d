"""A confirmed proposal becomes documents, tasks and duties. What a name does not allow waits, nothing is made twice."""

from collections import Counter
from typing import Any

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.gazette import directory, implementing, matching, naming, shape
from luoshi.gazette.actions import enter, enter_tasks, subjects
from luoshi.gazette.actions.enter import Entered
from luoshi.gazette.actions.enter_tasks import Desk
from luoshi.gazette.models import Proposal
from luoshi.office.actions import Call, Done, action
from luoshi.office.people.models import County
from luoshi.office.plans import followers
from luoshi.office.plans.models import Plan


class Confirm(subjects.OfProposal):
    """The proposal to confirm."""


def may_confirm(call: Call, proposal: Proposal) -> Outcome:
    """An open or partly confirmed proposal that replaces nothing can be confirmed."""
    if proposal.state not in ("open", "partly"):
        return subjects.settled(proposal)
    if proposal.replaces_id is not None:
        return refuse(
            "replaces_a_document", "这份建议更替已在册的文件。", "This proposal replaces a document that stands.",
            Words("请先看影响清单，再作为新版本生效。", "Look at its impact, then let it take effect."),
        )  # fmt: skip
    return Granted()


@action(
    "proposal.confirm",
    Words("确认公报", "Confirm a gazette"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=Confirm,
    load=subjects.load,
    where=subjects.where,
    why_not=may_confirm,
)
def confirm(call: Call, proposal: Proposal, inputs: Confirm) -> Done | Refused:
    """Make issue, documents, clauses, tasks, chronicle and duties; a task with an unknown unit waits for its name."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    typed = shape.check(proposal.edited, proposal.text)
    if not typed.documents and not typed.chronicle:
        return refuse(
            "nothing_found",
            "没有识别出文件。",
            "No document was recognised.",
            Words("请在编辑台补上文件。", "Add a document on the desk."),
        )
    county = County.objects.get(pk=proposal.county_id)
    names = directory.names_of(county)
    desk_of: dict[str, Any] = {"names": names, "ids": directory.unit_ids(county), "by_hand": dict(typed.unit_names)}
    made: list[tuple[Entered, Plan | None, enter_tasks.Outcome]] = []
    for at in range(len(typed.documents)):
        one = _enter_one(proposal, county, typed, at, desk_of)
        if isinstance(one, Refused):
            return one
        made.append(one)
    issue = enter.enter_issue(proposal, typed, [entered.row for entered, _, _ in made])
    if isinstance(issue, Refused):
        return issue
    told = [implementing.notify(call, entered.row, names, desk_of["ids"]) for entered, _, _ in made]
    return _settle(call, proposal, typed, made, told)


def _enter_one(
    proposal: Proposal, county: County, typed: shape.Proposal, at: int, desk_of: dict[str, Any]
) -> tuple[Entered, Plan | None, enter_tasks.Outcome] | Refused:
    part = typed.documents[at]
    key = matching.match_plan(
        part.title, part.issuer or "", part.issued_on, directory.plan_keys(county, desk_of["names"])
    )
    code = key.code if key else enter.document_code(part)
    entered = enter.enter_document(proposal, typed, at, code)
    if isinstance(entered, Refused):
        return entered
    plan = _plan_of(county, entered, code, desk_of["names"], desk_of["ids"])
    if plan is None:
        return entered, None, enter_tasks.Outcome()
    desk = Desk(**desk_of, day=part.issued_on)
    return entered, plan, enter_tasks.link_or_make(desk, plan, entered.row, part)


def _plan_of(county: County, entered: Entered, code: str, names: naming.Names, ids: dict[str, int]) -> Plan | None:
    """Return the plan of a document: the packaged one, or one made here when the document gives tasks."""
    plan = Plan.objects.filter(county=county, code=code).first()
    if plan is None and entered.part.tasks:
        issuer = names.resolve(entered.part.issuer, entered.part.issued_on) if entered.part.issuer else None
        plan = Plan.objects.create(
            county=county, code=code[:60], subject=directory.GENERAL, name_zh=entered.part.title[:200],
            name_en=entered.part.title[:200], from_on=entered.part.issued_on,
            leading_unit_id=ids.get(issuer) if issuer else None,
        )  # fmt: skip
    if plan is not None and plan.document_id != entered.row.pk:
        plan.document = entered.row
        plan.save(update_fields=["document"])
    return plan


def _settle(
    call: Call,
    proposal: Proposal,
    typed: shape.Proposal,
    made: list[tuple[Entered, Plan | None, enter_tasks.Outcome]],
    told: list[implementing.Told],
) -> Done:
    assigned = 0
    unresolved: Counter[str] = Counter()
    for _, _, outcome in made:
        started = [t for t in outcome.tasks if t.deadline_kind != "relative" and t.state == "open"]
        assigned += followers.confirmed(proposal.county_id, started, call.today)
        unresolved.update(outcome.unresolved)
    blocked = sum(outcome.blocked for _, _, outcome in made)
    before = proposal.state
    proposal.state = "partly" if blocked else "confirmed"
    proposal.confirmed_on = call.today
    proposal.save(update_fields=["state", "confirmed_on"])
    values = {
        "proposal": proposal.pk, "state": proposal.state, "assigned": assigned, "blocked": blocked,
        "documents": [_summary(*one) for one in made], "unresolved": dict(sorted(unresolved.items())),
        "chronicle": len(typed.chronicle), "chronicle_kept": bool(typed.issue), "doubts": len(typed.doubts),
        "told": sum(len(one.units) for one in told),
        "recipients_unknown": sorted({printed for one in told for printed in one.unknown}),
        "issue": f"{typed.issue.year}-{typed.issue.number}" if typed.issue else None,
    }  # fmt: skip
    linked = sum(o.linked + o.by_clause for _, _, o in made)
    new = sum(o.made for _, _, o in made)
    return Done(
        Words(
            f"确认“{proposal.name}”：文件{len(made)}份，挂接任务{linked}项，新任务{new}项。",
            f"Confirmed {proposal.name!r}: {len(made)} documents, {linked} tasks linked, {new} made.",
        ),
        before={"state": before}, after={"state": proposal.state}, values=values, subject_id=proposal.pk,
    )  # fmt: skip


def _summary(entered: Entered, plan: Plan | None, outcome: enter_tasks.Outcome) -> dict[str, Any]:
    part = entered.part
    return {
        "document": entered.row.pk, "code": entered.row.code, "title": part.title, "plan": plan.code if plan else None,
        "clauses": len(part.clauses), "tasks": len(part.tasks), "with_lead": sum(bool(t.lead) for t in part.tasks),
        "with_support": sum(bool(t.support) for t in part.tasks),
        "with_deadline": sum(t.deadline.kind != "none" for t in part.tasks),
        "interpretation": part.interpretation.title if part.interpretation else None,
        "linked": outcome.linked, "linked_by_clause": outcome.by_clause, "made": outcome.made,
        "blocked": outcome.blocked, "unlinked": outcome.unlinked, "differs": outcome.differs,
        "unmatched": outcome.unmatched,
    }  # fmt: skip
