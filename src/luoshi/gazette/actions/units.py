"""Unit names the directory does not know: resolved to a unit of the county, or a unit made for them."""

from typing import Annotated

from pydantic import Field

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.gazette import directory, edits
from luoshi.gazette.actions import edit, subjects, typed
from luoshi.gazette.models import Proposal
from luoshi.office.actions import Call, Done, action
from luoshi.office.people.actions import missing
from luoshi.office.people.models import County, Unit, UnitName

Printed = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9][a-z0-9\-]*$")]
KINDS = ("party", "office", "department", "institution", "town", "team", "city_branch", "park", "enterprise", "other")


class Resolve(subjects.OfProposal):
    """A printed name and the unit it means; ``everywhere`` makes it one of the unit's names in the directory."""

    name: Printed
    unit: Code
    everywhere: bool = False


class CreateUnit(subjects.OfProposal):
    """A unit the directory lacks, under the name as printed."""

    name: Printed
    code: Code
    name_en: Annotated[str, Field(min_length=1, max_length=160)]
    kind: Annotated[str, Field(pattern="^(" + "|".join(KINDS) + ")$")] = "department"
    collective: bool = False
    members: Annotated[str, Field(max_length=4_000)] = ""


def names_open(call: Call, proposal: Proposal) -> Outcome:
    """Names are resolved until everything of the proposal is confirmed."""
    return Granted() if proposal.state in ("open", "partly") else subjects.settled(proposal)


@action(
    "proposal.resolve_unit",
    Words("认定单位名称", "Resolve a unit name"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=Resolve,
    load=subjects.load,
    where=subjects.where,
    why_not=names_open,
)
def resolve_unit(call: Call, proposal: Proposal, inputs: Resolve) -> Done | Refused:
    """Say which unit a printed name means, in this document or everywhere."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    unit = Unit.objects.filter(county_id=proposal.county_id, code=inputs.unit).first()
    if unit is None:
        raise missing("unit", f"单位“{inputs.unit}”", f"unit {inputs.unit!r}")
    if inputs.everywhere:
        meant = directory.names_of(County.objects.get(pk=proposal.county_id)).resolve(inputs.name)
        if meant is not None and meant != unit.code:
            return refuse(
                "name_taken", f"“{inputs.name}”已是另一单位的名称。", f"{inputs.name!r} is another unit's name.",
                Words("请只在本文件内认定。", "Resolve it for this document only."), unit=meant,
            )  # fmt: skip
        UnitName.objects.get_or_create(county_id=proposal.county_id, unit=unit, name=inputs.name)
    return _by_hand(call, proposal, inputs.name, unit.code, "resolve_unit")


@action(
    "proposal.create_unit",
    Words("新设单位", "Create a unit for a name"),
    subject="proposal",
    grants=subjects.EDITORS,
    inputs=CreateUnit,
    load=subjects.load,
    where=subjects.where,
    why_not=names_open,
)
def create_unit(call: Call, proposal: Proposal, inputs: CreateUnit) -> Done | Refused:
    """Add a unit to the county's directory under the printed name. Taking the step back leaves the unit there."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    mine = Unit.objects.filter(county_id=proposal.county_id)
    if mine.filter(code=inputs.code).exists():
        return refuse(
            "code_taken",
            "这个单位编码已被使用。",
            "This unit code is taken.",
            Words("请换一个编码。", "Choose another code."),
        )
    wanted = typed.names_in(inputs.members)
    members = list(mine.filter(code__in=wanted))
    if len(members) != len(wanted):
        lost = sorted(set(wanted) - {m.code for m in members})
        raise missing("members", f"单位“{'、'.join(lost)}”", f"units {', '.join(lost)}")
    unit = Unit.objects.create(
        county_id=proposal.county_id, code=inputs.code, name_zh=inputs.name, short_zh=inputs.name[:60],
        name_en=inputs.name_en, kind=inputs.kind, collective=inputs.collective,
    )  # fmt: skip
    unit.members.set(members)
    UnitName.objects.create(county_id=proposal.county_id, unit=unit, name=inputs.name)
    return _by_hand(call, proposal, inputs.name, unit.code, "create_unit")


def _by_hand(call: Call, proposal: Proposal, name: str, code: str, verb: str) -> Done:
    kept = dict(proposal.edited.get("unit_names", {}))
    change = edits.set_fields(proposal.edited, (), {"unit_names": {**kept, name: code}})
    done = edit.commit(call, proposal, verb, f"unit:{name}"[:80], change)
    return Done(
        Words(f"“{name}”认定为 {code}。", f"{name!r} means {code}."), before=done.before,
        after={"name": name, "unit": code}, values={**done.values, "unit": code}, subject_id=proposal.pk,
    )  # fmt: skip
