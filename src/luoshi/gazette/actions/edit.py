"""An editor's steps on an open proposal: confirm, correct, add, remove, split, merge an element, take a step back."""

from collections.abc import Callable
from typing import Any

from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import edits, shape
from luoshi.gazette.actions import subjects, typed
from luoshi.gazette.models import Proposal, ProposalEdit
from luoshi.office.actions import Action, Call, Done, action


def commit(call: Call, proposal: Proposal, verb: str, at: str, change: edits.Change) -> Done:
    """Apply one change, check the whole, keep the step."""
    made = edits.apply(proposal.edited, change)
    shape.check(made, proposal.text)
    number = proposal.edits_made + 1
    ProposalEdit.objects.create(
        county_id=proposal.county_id, proposal=proposal, number=number, verb=verb, at=at[:80], change=change.as_json(),
        made_on=call.today, made_by_id=call.actor.account_id,
    )  # fmt: skip
    _keep(proposal, made, number)
    return Done(
        Words(f"“{proposal.name}”第{number}步：{verb} {at}", f"{proposal.name!r} step {number}: {verb} {at}"),
        before={"at": at, "was": change.was}, after={"comes": change.comes},
        values={"proposal": proposal.pk, "edits": number}, subject_id=proposal.pk,
    )  # fmt: skip


def _keep(proposal: Proposal, edited: edits.Tree, edits_made: int) -> None:
    proposal.edited, proposal.edits_made, proposal.counts = edited, edits_made, edits.counts(edited)
    proposal.revision += 1
    proposal.save(update_fields=["edited", "edits_made", "counts", "revision"])


def _unless_stale(
    call: Call, proposal: Proposal, verb: str, inputs: typed.OfElement, change: Callable[[], edits.Change]
) -> Done | Refused:
    refused = subjects.stale(proposal, inputs.at_edit)  # a Refused is falsy: "or" would pass over it
    return refused if refused is not None else commit(call, proposal, verb, inputs.at, change())


Step = Callable[[Call, Proposal, Any], Done | Refused]


def _step(name: str, words: Words, inputs: type[Any]) -> Callable[[Step], Action[Proposal, Any]]:
    return action(
        f"proposal.{name}", words, subject="proposal", grants=subjects.EDITORS, inputs=inputs, load=subjects.load,
        where=subjects.where, why_not=subjects.still_open,
    )  # fmt: skip


@_step("check", Words("确认一项", "Confirm an element"), typed.OfElement)
def check(call: Call, proposal: Proposal, inputs: typed.OfElement) -> Done | Refused:
    """Mark an element as looked at and right; a doubt as settled."""
    at = edits.place(inputs.at)
    mark = {"settled": True} if at[0] == "doubts" else {"checked": True}
    return _unless_stale(call, proposal, "check", inputs, lambda: edits.set_fields(proposal.edited, at, mark))


@_step("correct", Words("改正一项", "Correct an element"), typed.Correct)
def correct(call: Call, proposal: Proposal, inputs: typed.Correct) -> Done | Refused:
    """Set fields of an element by hand; it counts as checked."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    at = edits.place(inputs.at)
    held = edits.reach(proposal.edited, at)
    if not isinstance(held, dict) or len(at) < 2 or at[-2] not in typed.EMPTY:
        raise Problem(
            "at",
            Words("这一项不能改。", "This cannot be corrected."),
            Words("请从列表中选择。", "Choose one from the list."),
            status=404,
        )
    new = typed.fields(held, str(at[-2]), inputs, proposal.text)
    if not new:
        return refuse(
            "nothing_changed",
            "没有改动。",
            "Nothing was changed.",
            Words("请改后再存。", "Change something, then save."),
        )
    return commit(call, proposal, "correct", inputs.at, edits.set_fields(proposal.edited, at, {**new, "checked": True}))


@_step("add", Words("补上一项", "Add an element"), typed.Add)
def add(call: Call, proposal: Proposal, inputs: typed.Add) -> Done | Refused:
    """Add an element the parser did not see; its words are a stretch of the source."""
    refused = subjects.stale(proposal, inputs.at_edit)
    if refused is not None:
        return refused
    at = edits.place(inputs.at)
    kind = str(at[-2]) if len(at) > 1 else ""
    if kind not in typed.EMPTY:
        raise Problem(
            "at",
            Words("这里不能补。", "Nothing can be added here."),
            Words("请从列表中选择。", "Choose a list."),
            status=404,
        )
    made = {**typed.EMPTY[kind], "span": [0, 0], "checked": True}
    made |= typed.fields(made, kind, inputs, proposal.text)
    if kind == "documents":
        made.pop("span")
        made["title"] = made["title"] or " ".join(proposal.text[inputs.span_from : inputs.span_to].split())[:600]
    return commit(call, proposal, "add", inputs.at, edits.add(proposal.edited, at, made))


@_step("remove", Words("去掉一项", "Remove an element"), typed.OfElement)
def remove(call: Call, proposal: Proposal, inputs: typed.OfElement) -> Done | Refused:
    """Take an element out; its words stay in the source."""
    return _unless_stale(
        call, proposal, "remove", inputs, lambda: edits.remove(proposal.edited, edits.place(inputs.at))
    )


@_step("split", Words("拆分一项", "Split an element"), typed.Split)
def split(call: Call, proposal: Proposal, inputs: typed.Split) -> Done | Refused:
    """Cut an element in two."""
    at = edits.place(inputs.at)
    if at[0] == "doubts" or len(at) < 2 or at[-2] not in ("clauses", "tasks", "chronicle"):
        return refuse(
            "not_split",
            "这一项不能拆分。",
            "This cannot be split.",
            Words("可拆分条款、任务、大事记。", "Clauses, tasks and chronicle entries can."),
        )
    return _unless_stale(
        call, proposal, "split", inputs, lambda: edits.split(proposal.edited, at, inputs.offset, proposal.text)
    )


@_step("merge", Words("与下一项合并", "Merge with the next"), typed.OfElement)
def merge(call: Call, proposal: Proposal, inputs: typed.OfElement) -> Done | Refused:
    """Join an element with the next one."""
    at = edits.place(inputs.at)
    if len(at) < 2 or at[-2] not in ("clauses", "tasks", "chronicle"):
        return refuse(
            "not_merged",
            "这一项不能合并。",
            "This cannot be merged.",
            Words("可合并条款、任务、大事记。", "Clauses, tasks and chronicle entries can."),
        )
    return _unless_stale(call, proposal, "merge", inputs, lambda: edits.merge(proposal.edited, at, proposal.text))


@_step("undo", Words("撤销上一步", "Take the last step back"), subjects.OfProposal)
def undo(call: Call, proposal: Proposal, inputs: subjects.OfProposal) -> Done | Refused:
    """Take the last step back, exactly; possible until the proposal is confirmed."""
    refused = subjects.stale(proposal, inputs.at_edit)
    last = ProposalEdit.objects.filter(proposal=proposal).order_by("-number").first()
    if refused is not None:
        return refused
    if last is None:
        return refuse("nothing_to_undo", "没有可以撤销的步骤。", "There is no step to take back.")
    _keep(proposal, edits.apply(proposal.edited, edits.Change.from_json(last.change).inverse()), last.number - 1)
    last.delete()
    return Done(
        Words(f"撤销第{last.number}步：{last.verb} {last.at}", f"Took back step {last.number}: {last.verb} {last.at}"),
        before={"step": last.change}, values={"proposal": proposal.pk, "edits": proposal.edits_made, "at": last.at},
        subject_id=proposal.pk,
    )  # fmt: skip


STEPS: dict[str, Action[Any, Any]] = {
    "check": check, "correct": correct, "add": add, "remove": remove, "split": split, "merge": merge, "undo": undo,
}  # fmt: skip
