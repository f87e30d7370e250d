"""Three administrators, apart: every pair, both orders, and beside an office post; units, seats, appointments."""

import datetime as dt
import itertools
import json

import pytest

from luoshi import cli
from luoshi.core.problem import Problem
from luoshi.office import door
from luoshi.office.people import actions, first_admins, seats
from luoshi.office.people.models import Account, Appointment, County, Post, Unit, UnitName
from luoshi.office.people.roles import ADMINISTRATIVE, ROLES
from tests.office.conftest import NOW, SmallCounty

TODAY = NOW.date()


def fresh_account(small: SmallCounty, name: str = "newcomer") -> int:
    made = actions.open_account(
        small.call("system_admin"), username=name, display_name=name, password=actions.made_password()
    )
    assert made.outcome
    return int(made.values["account"])


def seat(small: SmallCounty, role: str) -> int:
    made = actions.open_post(
        small.call("system_admin"), unit="farming", role=role, title_zh=f"第二{role}", title_en=role
    )
    assert made.outcome
    return int(made.values["post"])


PAIRS = [p for p in itertools.permutations([*sorted(ADMINISTRATIVE), "officer"], 2) if set(p) & ADMINISTRATIVE]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_nobody_holds_two_of_the_three_nor_one_beside_an_office_post(
    small: SmallCounty, first: str, second: str
) -> None:
    account = fresh_account(small)
    given = {"account": account, "from_on": TODAY}
    assert actions.appoint(small.call("security_admin"), post=seat(small, first), **given).outcome
    refused = actions.appoint(small.call("security_admin"), post=seat(small, second), **given).outcome
    assert refused.reasons[0].code == "administrators_apart"
    assert Appointment.objects.filter(account=account).count() == 1


@pytest.mark.parametrize("first", sorted(ADMINISTRATIVE))
def test_an_appointment_that_begins_later_counts_too(small: SmallCounty, first: str) -> None:
    account = fresh_account(small)
    later = TODAY + dt.timedelta(days=60)
    assert actions.appoint(
        small.call("security_admin"), account=account, post=seat(small, first), from_on=later
    ).outcome
    other = next(r for r in sorted(ADMINISTRATIVE) if r != first)
    assert not actions.appoint(
        small.call("security_admin"), account=account, post=seat(small, other), from_on=TODAY
    ).outcome


def test_an_ended_appointment_cannot_be_made_longer_to_hold_two(small: SmallCounty) -> None:
    account, post = fresh_account(small), seat(small, "audit_admin")
    made = actions.appoint(
        small.call("security_admin"), account=account, post=post, from_on=TODAY - dt.timedelta(days=9),
        to_on=TODAY - dt.timedelta(days=1),
    )  # fmt: skip
    assert actions.appoint(
        small.call("security_admin"), account=account, post=seat(small, "security_admin"), from_on=TODAY
    ).outcome
    longer = actions.end_appointment(
        small.call("security_admin"), appointment=made.values["appointment"], to_on=dt.date(2099, 1, 1)
    )
    assert longer.outcome.reasons[0].code == "longer"


@pytest.mark.parametrize("name", ["system_admin", "audit_admin", "supervisor", "officer", "public"])
def test_only_the_security_administrator_appoints(small: SmallCounty, name: str) -> None:
    account, post = fresh_account(small), seat(small, "officer")
    assert not actions.appoint(small.call(name), account=account, post=post, from_on=TODAY).outcome


@pytest.mark.parametrize("name", ["security_admin", "audit_admin", "supervisor", "officer", "public"])
def test_only_the_system_administrator_opens_accounts_posts_and_units(small: SmallCounty, name: str) -> None:
    call = small.call
    password = actions.made_password()
    assert not actions.open_account(call(name), username="x.y.z", display_name="x", password=password).outcome
    assert not actions.open_post(call(name), unit="market", role="officer", title_zh="x", title_en="x").outcome
    assert not seats.open_unit(call(name), code="x", name_zh="x", short_zh="x", name_en="x").outcome


def test_nobody_appoints_themselves(small: SmallCounty) -> None:
    own = small.accounts["security_admin"].pk
    done = actions.appoint(small.call("security_admin"), account=own, post=seat(small, "security_admin"), from_on=TODAY)
    assert done.outcome.reasons[0].code == "not_oneself"


@pytest.mark.parametrize("role", sorted(ADMINISTRATIVE))
def test_the_last_administrator_of_a_kind_stays_until_there_is_another(small: SmallCounty, role: str) -> None:
    row = Appointment.objects.get(account=small.accounts[role])
    call = small.call("security_admin")
    assert (
        actions.end_appointment(call, appointment=row.pk, to_on=TODAY).outcome.reasons[0].code == "last_administrator"
    )
    second = fresh_account(small)
    actions.appoint(small.call("security_admin"), account=second, post=seat(small, role), from_on=TODAY)
    assert actions.end_appointment(small.call("security_admin"), appointment=row.pk, to_on=TODAY).outcome


def test_an_appointment_ends_on_its_day_and_the_post_is_free(small: SmallCounty) -> None:
    from luoshi.office.people import acting

    row = Appointment.objects.get(account=small.accounts["officer"])
    assert actions.end_appointment(small.call("security_admin"), appointment=row.pk, to_on=TODAY).outcome
    assert [a.pk for a in acting.held(small.accounts["officer"], TODAY)] == [row.pk]
    assert acting.held(small.accounts["officer"], TODAY + dt.timedelta(days=1)) == []


def test_a_post_that_is_held_is_not_closed_and_a_free_one_is(small: SmallCounty) -> None:
    held = small.posts["officer"].pk
    assert seats.close_post(small.call("system_admin"), post=held).outcome.reasons[0].code == "still_held"
    free = seat(small, "officer")
    assert seats.close_post(small.call("system_admin"), post=free).outcome
    assert Post.objects.get(pk=free).closed
    refused = actions.appoint(small.call("security_admin"), account=fresh_account(small), post=held, from_on=TODAY)
    assert refused.outcome
    with pytest.raises(Problem):
        actions.appoint(small.call("security_admin"), account=fresh_account(small, "other"), post=free, from_on=TODAY)


def test_a_renamed_unit_keeps_its_old_name_for_old_texts(small: SmallCounty) -> None:
    made = seats.open_unit(small.call("system_admin"), code="new-unit", name_zh="甲局", short_zh="甲", name_en="A")
    given = {"unit": made.values["unit"], "name_zh": "乙局", "short_zh": "乙", "name_en": "B", "from_on": TODAY}
    assert seats.rename_unit(small.call("system_admin"), **given).outcome
    names = {n.name: (n.valid_from, n.valid_to) for n in UnitName.objects.filter(unit_id=given["unit"])}
    assert names["甲局"][1] == TODAY - dt.timedelta(days=1) and names["乙局"] == (TODAY, None)
    assert seats.open_unit(
        small.call("system_admin"), code="new-unit", name_zh="x", short_zh="x", name_en="x"
    ).outcome.reasons[0].code == "code_taken"  # fmt: skip


def test_a_unit_with_people_or_duties_is_not_closed(small: SmallCounty) -> None:
    from luoshi.core.words import Words
    from luoshi.office.duties import verbs
    from luoshi.office.duties.verbs import Opening

    close = {"unit": small.units["farming"].pk, "to_on": TODAY}
    assert seats.close_unit(small.call("system_admin"), **close).outcome.reasons[0].code == "still_held"
    west = small.units["west"].pk
    with door.opened("fixture"):
        words = Words("一件事", "a thing")
        (duty,) = verbs.open_duties([Opening(small.county.pk, west, words, "plan", 1, TODAY, None)], TODAY)
    closing = {"unit": west, "to_on": TODAY}
    assert seats.close_unit(small.call("system_admin"), **closing).outcome.reasons[0].code == "still_at_work"
    with door.opened("fixture"):
        verbs.close(duty, TODAY)
    assert seats.close_unit(small.call("system_admin"), **closing).outcome
    assert Unit.objects.get(pk=west).valid_to == TODAY


@pytest.fixture
def empty(db: None) -> County:
    with door.opened("fixture"):
        county = County.objects.create(code="empty", division_code="999999", name_zh="空县", name_en="Empty")
        Unit.objects.create(
            county=county, code="office", name_zh="办公室", name_en="Office", short_zh="办", kind="office"
        )
    return county


def test_an_empty_installation_gets_three_separate_administrators_once(empty: County) -> None:
    made = first_admins.make(empty, "office", {}, NOW)
    assert {m.role for m in made} == ADMINISTRATIVE and len({m.username for m in made}) == 3
    for one in made:
        account = Account.objects.get(username=one.username)
        assert account.must_change_password and account.check_password(one.password)
        assert {a.post.role for a in account.appointments.select_related("post")} == {one.role}
    with pytest.raises(Problem) as caught:
        first_admins.make(empty, "office", {}, NOW)
    assert caught.value.status == 409 and Account.objects.count() == 3


def test_no_user_name_is_the_same_everywhere(empty: County) -> None:
    made = first_admins.make(empty, "office", {}, NOW)
    assert not {m.username for m in made} & {"admin", "root", "system", "security", "audit", *ROLES}


def test_first_administrators_are_made_all_or_none(empty: County) -> None:
    with pytest.raises(Problem):
        first_admins.make(empty, "office", {"system_admin": "same", "security_admin": "same"}, NOW)
    with pytest.raises(Problem):
        first_admins.make(empty, "no-such-unit", {}, NOW)
    assert not Account.objects.exists() and not Post.objects.exists()


def test_the_command_prints_each_password_once_and_lists_accounts_without_them(
    empty: County, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["account", "first-admins", "--county", "empty", "--unit", "office", "--json"]
    assert cli.main([*arguments, "--system", "li.one"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [m["username"] for m in made if m["role"] == "system_admin"] == ["li.one"]
    assert cli.main(arguments) == 2
    assert cli.main(["account", "first-admins", "--county", "nowhere"]) == 2
    capsys.readouterr()
    assert cli.main(["account", "list", "--json"]) == 0
    listed = capsys.readouterr().out
    assert len(json.loads(listed)) == 3 and not any(m["password"] in listed for m in made)
