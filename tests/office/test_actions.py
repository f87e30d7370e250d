"""The one door: one transaction, one answer per request, nothing written by a refusal, nothing written elsewhere."""

import threading

import pytest
from django.db import connection, connections, transaction

from luoshi.core.outcome import Granted, Needs, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.access import Where
from luoshi.office.actions import ACTIONS, Action, Call, Done, Inputs, perform
from luoshi.office.journal.models import Entry
from luoshi.office.people.models import Unit
from tests.office.conftest import SmallCounty, make_county


class Rename(Inputs):
    unit: int
    name: str


def _load(call: Call, inputs: Rename) -> Unit:
    unit = Unit.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.unit).first()
    if unit is None:
        raise Problem("unit", Words("没有这个单位。", "No such unit."), Words("请选择。", "Choose one."), status=404)
    return unit


def _run(call: Call, unit: Unit, inputs: Rename) -> Done | Refused:
    before = unit.short_zh
    unit.short_zh = inputs.name
    unit.save(update_fields=["short_zh"])
    if inputs.name == "禁止":
        return refuse("bad_name", "不行。", "No.")
    if inputs.name == "崩溃":
        raise RuntimeError("power cut")
    return Done(Words("改名", "Renamed"), {"name": before}, {"name": inputs.name}, values={"name": inputs.name})


RENAME = Action(
    "test.rename", Words("改名", "Rename"), "unit", {"officer": "unit", "supervisor": "county", "town_clerk": "place"}, Rename,
    _load, lambda u: Where(u.county_id, frozenset({u.pk}), u.place.path if u.place else None), _run,
)  # fmt: skip


def name_of(unit: Unit) -> str:
    return Unit.objects.get(pk=unit.pk).short_zh


def test_a_granted_action_changes_the_row_and_writes_one_entry(small: SmallCounty) -> None:
    market = small.units["market"]
    result = perform(RENAME, small.call("officer"), {"unit": market.pk, "name": "新名"})
    assert isinstance(result.outcome, Granted) and not result.replayed
    assert name_of(market) == "新名"
    entry = Entry.objects.get(pk=result.entry_id)
    assert (entry.action, entry.outcome, entry.subject_id) == ("test.rename", "granted", str(market.pk))
    assert '"before":{"name":"market局"}' in entry.content and '"after":{"name":"新名"}' in entry.content


def test_the_same_request_again_returns_the_first_outcome_and_acts_once(small: SmallCounty) -> None:
    market = small.units["market"]
    first = perform(RENAME, small.call("officer", "once"), {"unit": market.pk, "name": "新名"})
    with door.opened("fixture"):
        Unit.objects.filter(pk=market.pk).update(short_zh="后来的名字")
    again = perform(RENAME, small.call("officer", "once"), {"unit": market.pk, "name": "新名"})
    assert again.replayed and again.entry_id == first.entry_id and again.outcome == first.outcome
    assert name_of(market) == "后来的名字"


def test_a_request_id_used_for_something_else_is_a_conflict(small: SmallCounty) -> None:
    market = small.units["market"]
    perform(RENAME, small.call("officer", "once"), {"unit": market.pk, "name": "新名"})
    with pytest.raises(Problem) as caught:
        perform(RENAME, small.call("officer", "once"), {"unit": market.pk, "name": "另一个"})
    assert caught.value.status == 409


def test_a_refusal_leaves_nothing_but_itself(small: SmallCounty) -> None:
    market = small.units["market"]
    result = perform(RENAME, small.call("officer"), {"unit": market.pk, "name": "禁止"})
    assert isinstance(result.outcome, Refused)
    assert name_of(market) == "market局"
    assert Entry.objects.get(pk=result.entry_id).outcome == "refused"


def test_a_replayed_refusal_is_the_same_refusal(small: SmallCounty) -> None:
    market = small.units["market"]
    first = perform(RENAME, small.call("officer", "no"), {"unit": market.pk, "name": "禁止"})
    again = perform(RENAME, small.call("officer", "no"), {"unit": market.pk, "name": "禁止"})
    assert again.replayed and again.outcome == first.outcome


def test_a_crash_in_the_middle_leaves_no_row_and_no_entry(small: SmallCounty) -> None:
    market = small.units["market"]
    with pytest.raises(RuntimeError):
        perform(RENAME, small.call("officer"), {"unit": market.pk, "name": "崩溃"})
    assert name_of(market) == "market局" and not Entry.objects.exists()


@pytest.mark.parametrize(
    ("who", "unit", "allowed"),
    [
        ("officer", "market", True),
        ("officer", "farming", False),
        ("other_officer", "market", False),
        ("supervisor", "farming", True),
        ("town_clerk", "east", True),
        ("town_clerk", "west", False),
        ("audit_admin", "market", False),
        ("public", "market", False),
    ],
)
def test_roles_reach_as_far_as_their_scope(small: SmallCounty, who: str, unit: str, allowed: bool) -> None:
    result = perform(RENAME, small.call(who), {"unit": small.units[unit].pk, "name": "甲"})
    assert bool(result.outcome) is allowed
    if not allowed:
        reason = result.outcome.reasons[0]
        assert reason.code in ("role_may_not", "outside_scope") and reason.remedy is not None


def test_another_countys_row_is_not_there(small: SmallCounty, neighbour: SmallCounty) -> None:
    with pytest.raises(Problem) as caught:
        perform(RENAME, small.call("supervisor"), {"unit": neighbour.units["market"].pk, "name": "甲"})
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("given", "place"),
    [({}, "unit"), ({"unit": "x", "name": "甲"}, "unit"), ({"unit": 1, "name": "甲", "more": 1}, "more")],
)
def test_bad_input_names_its_field(small: SmallCounty, given: dict[str, object], place: str) -> None:
    with pytest.raises(Problem) as caught:
        perform(RENAME, small.call("officer"), given)
    assert caught.value.place == place and caught.value.status == 422
    assert not Entry.objects.exists()


def test_the_check_of_a_page_and_the_door_agree(small: SmallCounty) -> None:
    call = small.call("officer")
    for unit in small.units.values():
        said = RENAME.check(call, unit)
        done = perform(RENAME, small.call("officer"), {"unit": unit.pk, "name": "乙"}).outcome
        assert said.verdict == done.verdict


def test_writing_outside_the_door_is_stopped_by_the_connection(small: SmallCounty) -> None:
    with pytest.raises(door.WriteOutsideTheDoor), transaction.atomic():
        Unit.objects.create(county=small.county, code="x", name_zh="x", name_en="x", short_zh="x", kind="x")
    with pytest.raises(door.WriteOutsideTheDoor), transaction.atomic():
        Unit.objects.filter(pk=small.units["market"].pk).update(short_zh="x")
    with pytest.raises(door.WriteOutsideTheDoor), transaction.atomic():
        small.units["west"].delete()


def test_every_declared_action_states_grants_to_known_roles_and_both_languages() -> None:
    import luoshi.office.people.actions  # noqa: F401
    from luoshi.office.people.roles import ROLES, SCOPES

    assert ACTIONS
    for act in ACTIONS.values():
        assert act.words.zh and act.words.en and act.words.zh != act.words.en
        assert act.grants and set(act.grants) <= set(ROLES) and set(act.grants.values()) <= set(SCOPES)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_request_id_act_once() -> None:
    small = make_county("small")
    market = small.units["market"]
    answers: list[object] = []
    start = threading.Barrier(4)

    def ask() -> None:
        start.wait()
        try:
            answers.append(perform(RENAME, small.call("officer", "together"), {"unit": market.pk, "name": "新名"}))
        except Problem as problem:
            answers.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(Entry.objects.values_list("pk", flat=True))
    assert len(entries) == 1
    assert {getattr(a, "entry_id", repr(a)) for a in answers} == set(entries)


def test_needs_is_an_answer_and_not_a_refusal() -> None:
    from luoshi.core.outcome import Reason

    assert Needs((Reason("x", Words("缺", "missing")),)).verdict == "needs"


def test_the_guard_sits_on_the_connection_in_use(db: None) -> None:
    assert door.guard in connection.execute_wrappers
