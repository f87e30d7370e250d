"""Saving the ledger's filters and columns under a name, sharing them within the unit, choosing what opens first."""

from dataclasses import dataclass
from typing import Annotated

from luoshi.core.outcome import Granted, Outcome, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Decision, Done, Inputs, action
from luoshi.office.people.models import Account
from luoshi.supervision.actions.inputs import told
from luoshi.supervision.outlook import values, view_rules
from luoshi.supervision.outlook.models import DefaultView, SavedView
from luoshi.supervision.outlook.readables import IN_UNIT, OWNERS

ViewId = Annotated[int, told("视图编号", "View", ge=1)]


class SaveInputs(Inputs):
    """What is kept. Saving under a name one has already replaces that view."""

    name: Annotated[
        str, told("名称", "Name", "自己看得懂就行", "whatever tells you what it is", min_length=1, max_length=40)
    ]
    filters: Annotated[
        dict[str, str], told("筛选条件", "Filters", "台账地址里的参数", "the parameters of the ledger's address")
    ] = {}
    columns: Annotated[tuple[str, ...], told("列", "Columns", "留空为全部", "none means all", max_length=20)] = ()


class ViewInputs(Inputs):
    """Which view."""

    view_id: ViewId


class ShareInputs(ViewInputs):
    """Whether the unit sees it."""

    shared: Annotated[bool, told("本单位共享", "Shared within the unit")]


class DefaultInputs(Inputs):
    """Which view opens first; none for the whole ledger."""

    view_id: Annotated[int | None, told("视图编号", "View", "留空为不设默认", "empty for none", ge=1)] = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What one person's ledger opens with: a view, or none."""

    county_id: int
    account_id: int | None
    view: SavedView | None

    @property
    def pk(self) -> int | None:
        """The view's id."""
        return self.view.pk if self.view else None


def _owner(call: Call, inputs: SaveInputs) -> Where:
    return Where(call.actor.county_id, account_id=call.actor.account_id)


def _load(call: Call, inputs: ViewInputs) -> SavedView:
    rows = SavedView.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.view_id)
    found = rows.first()
    if found is None:
        raise _missing()
    return found


def _choice(call: Call, inputs: DefaultInputs) -> Choice:
    view = None if inputs.view_id is None else _load(call, ViewInputs(view_id=inputs.view_id))
    return Choice(call.actor.county_id, call.actor.account_id, view)


def _missing() -> Problem:
    return Problem(
        "view_id",
        Words("没有这个视图。", "There is no such view."),
        Words("请从台账上选择。", "Choose one on the ledger."),
        status=404,
    )  # fmt: skip


def where(view: SavedView) -> Where:
    """A view is its owner's; a shared one also stands in the unit."""
    return Where(view.county_id, frozenset({view.unit_id} if view.unit_id else ()), account_id=view.account_id)


def _where_choice(choice: Choice) -> Where:
    if choice.view is not None:
        return where(choice.view)
    return Where(choice.county_id, account_id=choice.account_id)


@action(
    "view.save", Words("保存视图", "Save a view"), subject="saved_view", grants=OWNERS, inputs=SaveInputs,
    load=_owner, where=lambda owner: owner,
)  # fmt: skip
def save_view(call: Call, owner: Where, inputs: SaveInputs) -> Decision:
    """Keep filters and columns under a name, for oneself alone until it is shared."""
    filters, columns = view_rules.filters(inputs.filters), view_rules.columns(inputs.columns)
    assert call.actor.account_id is not None, "only an account has views"
    Account.objects.select_for_update().get(pk=call.actor.account_id)  # two savings at once count one after the other
    mine = SavedView.objects.filter(account_id=call.actor.account_id, county_id=call.actor.county_id)
    view = mine.select_for_update().filter(name=inputs.name).first()
    before = {"filters": view.filters, "columns": view.columns} if view else {}
    if view is None:
        most = values.views_on(call.today).most
        if mine.count() >= most:
            return refuse(
                "too_many_views", f"每人最多保存{most}个视图。", f"One person keeps at most {most} views.",
                Words("请先删去不用的视图。", "Remove one that is not used."),
            )  # fmt: skip
        view = SavedView(county_id=call.actor.county_id, account_id=call.actor.account_id, name=inputs.name)
    view.filters, view.columns, view.made_on = filters, columns, call.today
    view.save()
    return Done(
        Words(f"保存台账视图“{view.name}”。", f"Saved the ledger view “{view.name}”."),
        before=before, after={"filters": filters, "columns": columns}, values={"view": view.pk}, subject_id=view.pk,
    )  # fmt: skip


def _has_unit(call: Call, view: SavedView) -> Outcome:
    if call.actor.unit_id is not None:
        return Granted()
    return refuse("no_unit", "没有单位，不能共享。", "Without a unit there is nobody to share it with.")


@action(
    "view.share", Words("共享视图", "Share a view"), subject="saved_view", grants=OWNERS, inputs=ShareInputs,
    load=_load, where=where, why_not=_has_unit,
)  # fmt: skip
def share_view(call: Call, view: SavedView, inputs: ShareInputs) -> Decision:
    """Let the own unit see a view, or take it back; those who opened the ledger with it lose it as their first."""
    before = view.unit_id
    view.unit_id = call.actor.unit_id if inputs.shared else None
    view.save(update_fields=["unit"])
    if not inputs.shared:
        DefaultView.objects.filter(view=view).exclude(account_id=view.account_id).delete()
    what = Words("在本单位共享", "Shared within the unit") if inputs.shared else Words("不再共享", "No longer shared")
    return Done(
        Words(f"{what.zh}台账视图“{view.name}”。", f"{what.en}: ledger view “{view.name}”."),
        before={"unit": before}, after={"unit": view.unit_id},
    )  # fmt: skip


@action(
    "view.set_default", Words("设为打开台账时的视图", "Open the ledger with it"), subject="saved_view", grants=IN_UNIT,
    inputs=DefaultInputs, load=_choice, where=_where_choice,
)  # fmt: skip
def set_default_view(call: Call, choice: Choice, inputs: DefaultInputs) -> Decision:
    """Choose the view with which the ledger opens for oneself, or none."""
    assert call.actor.account_id is not None, "only an account has a first view"
    mine = DefaultView.objects.select_for_update().filter(account_id=call.actor.account_id)
    had = mine.first()
    before = had.view_id if had else None
    if choice.view is None:
        mine.delete()
    elif had is not None:
        had.view = choice.view
        had.save(update_fields=["view"])
    else:
        DefaultView.objects.create(county_id=choice.county_id, account_id=call.actor.account_id, view=choice.view)
    name = choice.view.name if choice.view else ""
    said = Words(f"打开台账时用视图“{name}”。", f"The ledger opens with “{name}”.") if name else Words(
        "打开台账时不用视图。", "The ledger opens without a view."
    )  # fmt: skip
    return Done(said, before={"view": before}, after={"view": choice.pk})


@action(
    "view.remove", Words("删除视图", "Remove a view"), subject="saved_view", grants=OWNERS, inputs=ViewInputs,
    load=_load, where=where,
)  # fmt: skip
def remove_view(call: Call, view: SavedView, inputs: ViewInputs) -> Decision:
    """Remove an own view; whoever opened the ledger with it opens the whole ledger again."""
    before = {"name": view.name, "filters": view.filters, "columns": view.columns, "unit": view.unit_id}
    view_id, name = view.pk, view.name
    view.delete()
    return Done(
        Words(f"删除台账视图“{name}”。", f"Removed the ledger view “{name}”."), before=before, subject_id=view_id
    )
