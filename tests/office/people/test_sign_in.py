"""Getting in: right password, right code, once; and everything that keeps one out."""

import datetime as dt
import json

import pytest
from django.conf import settings

from luoshi.office.journal.models import Entry
from luoshi.office.people import own_account, passwords, recovery, second_factor, sign_in
from luoshi.office.people.models import Account
from tests.office.conftest import NOW, SmallCounty
from tests.office.people.conftest import PASSWORD, Door, code_at

MINUTE = dt.timedelta(minutes=1)


def test_the_right_password_lets_in_and_notes_the_time(at_the_door: Door) -> None:
    assert at_the_door.knock("officer") == "in"
    assert at_the_door.account("officer").last_login == NOW
    entry = Entry.objects.get(action="account.sign_in")
    assert entry.outcome == "granted" and entry.account_id == at_the_door.account("officer").pk
    assert json.loads(entry.content)["actor"]["address"] == "192.0.2.1"


def test_five_wrong_passwords_lock_for_fifteen_minutes_and_not_a_second_longer(at_the_door: Door) -> None:
    for n in range(settings.LUOSHI_LOCK_AFTER_FAILURES):
        assert at_the_door.knock("officer", "wrong") == "password", n
    assert at_the_door.knock("officer") == "locked"
    last = settings.LUOSHI_LOCK_FOR - dt.timedelta(seconds=1)
    assert at_the_door.knock("officer", now=NOW + last) == "locked"
    assert at_the_door.knock("officer", now=NOW + settings.LUOSHI_LOCK_FOR) == "in"


def test_four_wrong_passwords_do_not_lock_and_a_right_one_forgets_them(at_the_door: Door) -> None:
    for _ in range(settings.LUOSHI_LOCK_AFTER_FAILURES - 1):
        at_the_door.knock("officer", "wrong")
    assert at_the_door.knock("officer") == "in"
    assert at_the_door.account("officer").failed_sign_ins == 0


def test_trying_while_locked_does_not_make_the_lock_longer(at_the_door: Door) -> None:
    for _ in range(settings.LUOSHI_LOCK_AFTER_FAILURES):
        at_the_door.knock("officer", "wrong")
    until = at_the_door.account("officer").locked_until
    at_the_door.knock("officer", "wrong", now=NOW + 5 * MINUTE)
    assert at_the_door.account("officer").locked_until == until


def test_the_lock_of_one_account_leaves_the_others_alone(at_the_door: Door) -> None:
    for _ in range(settings.LUOSHI_LOCK_AFTER_FAILURES):
        at_the_door.knock("officer", "wrong")
    assert at_the_door.knock("supervisor") == "in"


def test_failure_and_lock_stand_in_the_journal_and_the_password_does_not(at_the_door: Door) -> None:
    for _ in range(settings.LUOSHI_LOCK_AFTER_FAILURES):
        at_the_door.knock("officer", "a-very-special-wrong-one")
    at_the_door.knock("nobody-here", "a-very-special-wrong-one")
    said = list(Entry.objects.filter(action="account.fail_sign_in").order_by("pk").values_list("content", flat=True))
    assert len(said) == settings.LUOSHI_LOCK_AFTER_FAILURES + 1
    assert "locked_until" in said[-2] and "locked_until" not in said[-3]
    everything = "".join(Entry.objects.values_list("content", flat=True))
    assert "very-special" not in everything
    assert "nobody-here" not in said[-1]  # a name that is nobody's may be a password typed in the wrong place


def test_an_unknown_name_costs_the_same_hash_as_a_known_one(at_the_door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords.matches("warm", None)
    asked: list[str] = []
    real = passwords.check_password

    def counting(password: str, encoded: str) -> bool:
        asked.append(encoded)
        return bool(real(password, encoded))

    monkeypatch.setattr(passwords, "check_password", counting)
    sign_in.try_password("small-officer", "wrong", NOW)
    sign_in.try_password("no-such-name", "wrong", NOW)
    assert len(asked) == 2 and all(encoded.split("$")[0] == asked[0].split("$")[0] for encoded in asked)


def test_a_disabled_account_stays_out(at_the_door: Door, small: SmallCounty) -> None:
    assert recovery.disable(small.call("system_admin"), account=small.accounts["officer"].pk).outcome
    assert at_the_door.knock("officer") == "disabled"
    assert recovery.enable(small.call("system_admin"), account=small.accounts["officer"].pk).outcome
    assert at_the_door.knock("officer") == "in"


def test_a_password_changed_between_check_and_door_is_noticed(at_the_door: Door, small: SmallCounty) -> None:
    account = at_the_door.account("officer")
    call = sign_in.call_for(small.county, account.pk, NOW, "")
    assert not sign_in.sign_in(call, account=account.pk, seen="argon2$something-else").outcome


def set_up(small: SmallCounty, name: str, now: dt.datetime = NOW) -> str:
    own_account.begin_second_factor(small.call(name, now=now))
    secret = Account.objects.get(pk=small.accounts[name].pk).second_factor
    assert own_account.confirm_second_factor(small.call(name, now=now), code=code_at(secret, now)).outcome
    return secret


def test_with_one_time_codes_the_password_alone_is_not_enough(at_the_door: Door, small: SmallCounty) -> None:
    secret = set_up(small, "officer")
    later = NOW + 2 * MINUTE
    assert at_the_door.knock("officer", now=later) == "code"
    assert at_the_door.knock("officer", code="000000", now=later) == "code"
    assert at_the_door.knock("officer", code=code_at(secret, later), now=later) == "in"


def test_a_code_works_once_even_within_its_half_minute(at_the_door: Door, small: SmallCounty) -> None:
    secret = set_up(small, "officer")
    later = NOW + 2 * MINUTE
    code = code_at(secret, later)
    assert at_the_door.knock("officer", code=code, now=later) == "in"
    assert at_the_door.knock("officer", code=code, now=later) == "code"


def test_the_code_that_confirmed_the_authenticator_is_spent(at_the_door: Door, small: SmallCounty) -> None:
    secret = set_up(small, "officer")
    assert at_the_door.knock("officer", code=code_at(secret, NOW)) == "code"


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, right: bool) -> None:
    secret = second_factor.new_secret()
    code = code_at(secret, NOW + dt.timedelta(seconds=seconds))
    assert (second_factor.matching_step(secret, code, NOW, 0) is not None) is right


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 456"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert second_factor.matching_step(second_factor.new_secret(), code, NOW, 0) is None


def test_the_secret_of_the_authenticator_is_in_no_entry(at_the_door: Door, small: SmallCounty) -> None:
    secret = set_up(small, "officer")
    assert secret not in "".join(Entry.objects.values_list("content", flat=True))


def test_a_demo_in_a_day_of_its_own_takes_the_codes_of_the_real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.office import present

    monkeypatch.setenv("LUOSHI_AS_OF", "2023-07-03")
    secret = second_factor.new_secret()
    real = dt.datetime.now(dt.UTC)
    assert second_factor.matching_step(secret, code_at(secret, real), present.now(), 0) is not None


def test_a_code_of_another_secret_is_wrong(at_the_door: Door, small: SmallCounty) -> None:
    set_up(small, "officer")
    later = NOW + 2 * MINUTE
    assert at_the_door.knock("officer", code=code_at(second_factor.new_secret(), later), now=later) == "code"


def test_setting_up_a_second_time_needs_the_first_taken_away_with_its_code(small: SmallCounty) -> None:
    secret = set_up(small, "officer")
    assert not own_account.begin_second_factor(small.call("officer")).outcome
    later = NOW + 2 * MINUTE
    assert not own_account.drop_second_factor(small.call("officer", now=later), code="000000").outcome
    assert own_account.drop_second_factor(small.call("officer", now=later), code=code_at(secret, later)).outcome
    assert own_account.begin_second_factor(small.call("officer", now=later)).outcome


def test_old_hashes_are_not_what_signs_in(at_the_door: Door, small: SmallCounty) -> None:
    call = small.call("officer")
    done = own_account.change_password(call, old=PASSWORD, new="Another-9-river", again="Another-9-river")
    assert done.outcome
    assert at_the_door.knock("officer") == "password"
    assert at_the_door.knock("officer", "Another-9-river") == "in"
