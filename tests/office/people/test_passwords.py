"""Passwords: what is good enough, what was used, what an administrator may do, and that none is ever written down."""

from itertools import pairwise

import pytest

from luoshi.core.problem import Problem
from luoshi.office.actions import Call
from luoshi.office.journal.models import Entry
from luoshi.office.people import actions, own_account, passwords, recovery
from luoshi.office.people.models import Account
from tests.office.conftest import NOW, SmallCounty
from tests.office.people.conftest import PASSWORD, Door


def change(call: Call, new: str, old: str = PASSWORD) -> object:
    return own_account.change_password(call, old=old, new=new, again=new).outcome


@pytest.mark.parametrize(
    "bad", ["Short-1", "onlylowercaseletters", "123456789012", "small-officer-1A", "Password123", "lowercase-and-signs"]
)
def test_a_weak_password_is_refused_with_words_in_both_languages(
    at_the_door: Door, small: SmallCounty, bad: str
) -> None:
    with pytest.raises(Problem) as caught:
        change(small.call("officer"), bad)
    assert caught.value.place == "new" and caught.value.words.zh != caught.value.words.en
    assert bad not in caught.value.words.zh + caught.value.words.en


def test_the_last_five_passwords_are_not_used_again_and_the_sixth_is(at_the_door: Door, small: SmallCounty) -> None:
    used = [PASSWORD, *(f"Mountain-{n}-river" for n in range(6))]
    for old, new in pairwise(used):
        assert change(small.call("officer"), new, old)
    with pytest.raises(Problem):
        change(small.call("officer"), used[-1], used[-1])
    with pytest.raises(Problem):
        change(small.call("officer"), used[1], used[-1])
    assert change(small.call("officer"), PASSWORD, used[-1])


def test_the_old_password_is_asked_for_and_the_new_one_twice(at_the_door: Door, small: SmallCounty) -> None:
    refused = own_account.change_password(small.call("officer"), old="x", new="Ab-1234567890", again="Ab-1234567890")
    assert refused.outcome.reasons[0].code == "old_password"
    differ = own_account.change_password(small.call("officer"), old=PASSWORD, new="Ab-1234567890", again="Ab-123456789")
    assert differ.outcome.reasons[0].code == "not_the_same"


def test_sending_the_change_twice_changes_once(at_the_door: Door, small: SmallCounty) -> None:
    for replayed in (False, True):
        done = own_account.change_password(
            small.call("officer", "once"), old=PASSWORD, new="Another-9-river", again="Another-9-river"
        )
        assert done.outcome and done.replayed is replayed


def test_nobody_changes_anothers_password(at_the_door: Door, small: SmallCounty) -> None:
    with pytest.raises(Problem) as caught:
        own_account.change_password(small.call("public"), old=PASSWORD, new="Another-9-river", again="Another-9-river")
    assert caught.value.status == 401


def test_no_password_is_in_the_journal_and_its_digest_cannot_be_guessed(at_the_door: Door, small: SmallCounty) -> None:
    from luoshi.core import seal
    from luoshi.office.journal.append import ALGORITHM

    call = small.call("officer")
    own_account.change_password(call, old=PASSWORD, new="Another-9-river", again="Another-9-river")
    entry = Entry.objects.get(action="account.change_password")
    assert "Another-9-river" not in entry.content and PASSWORD not in entry.content
    guess = {"old": PASSWORD, "new": "Another-9-river", "again": "Another-9-river"}
    guessed = seal.digest(seal.canonical(["account.change_password", call.actor.as_json(), guess]), ALGORITHM)
    assert entry.inputs_digest != guessed


def test_a_made_password_must_be_changed_and_an_old_one_too(at_the_door: Door, small: SmallCounty) -> None:
    account = small.accounts["officer"]
    made = actions.made_password()
    assert recovery.reset_password(small.call("security_admin"), account=account.pk, password=made).outcome
    account.refresh_from_db()
    assert passwords.change_is_due(account, NOW)
    assert change(small.call("officer"), "Another-9-river", made)
    account.refresh_from_db()
    assert not passwords.change_is_due(account, NOW + account_age("just"))
    assert passwords.change_is_due(account, NOW + account_age("over"))


def account_age(which: str) -> object:
    import datetime as dt

    from django.conf import settings

    return settings.LUOSHI_PASSWORD_MAX_AGE + dt.timedelta(seconds={"just": 0, "over": 1}[which])


def test_a_made_password_satisfies_the_rules(db: None) -> None:
    for _ in range(50):
        passwords.require_good(actions.made_password(), Account(username="somebody", display_name="somebody"))


def test_a_reset_lifts_the_lock_and_writes_no_password(at_the_door: Door, small: SmallCounty) -> None:
    for _ in range(5):
        at_the_door.knock("officer", "wrong")
    made = actions.made_password()
    call = small.call("security_admin")
    assert recovery.reset_password(call, account=small.accounts["officer"].pk, password=made).outcome
    assert at_the_door.knock("officer", made) == "in"
    assert made not in "".join(Entry.objects.values_list("content", flat=True))


def test_the_security_administrator_unlocks_and_nobody_else_does(at_the_door: Door, small: SmallCounty) -> None:
    for _ in range(5):
        at_the_door.knock("officer", "wrong")
    pk = small.accounts["officer"].pk
    for name in ("officer", "system_admin", "audit_admin", "supervisor", "public"):
        assert not recovery.unlock(small.call(name), account=pk).outcome
    assert at_the_door.knock("officer") == "locked"
    assert recovery.unlock(small.call("security_admin"), account=pk).outcome
    assert at_the_door.knock("officer") == "in"
    assert not recovery.unlock(small.call("security_admin"), account=pk).outcome  # nothing to unlock


def test_administrators_do_nothing_to_their_own_account(small: SmallCounty) -> None:
    own = {name: small.accounts[name].pk for name in ("security_admin", "system_admin")}
    done = recovery.reset_password(
        small.call("security_admin"), account=own["security_admin"], password=actions.made_password()
    )
    assert done.outcome.reasons[0].code == "not_oneself"
    assert not recovery.disable(small.call("system_admin"), account=own["system_admin"]).outcome


def test_another_countys_account_is_not_there(small: SmallCounty, neighbour: SmallCounty) -> None:
    for act in (recovery.unlock, recovery.reset_second_factor):
        with pytest.raises(Problem) as caught:
            act(small.call("security_admin"), account=neighbour.accounts["officer"].pk)
        assert caught.value.status == 404
