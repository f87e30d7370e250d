"""What a person does with the own account: password, one-time codes, sessions, signing out."""

from django.conf import settings
from pydantic import SecretStr

from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people import passwords, second_factor, sessions
from luoshi.office.people.models import Account, AccountSession
from luoshi.office.people.secret import Secret, Unjournalled, empty

OWN: Grants = {"public": "own"}
"""Anybody with an account, whatever the post, and only for the own account; without an account nobody."""


class Nothing(Inputs):
    """No input."""


class ChangePassword(Inputs):
    """The old password, the new one twice, and the key of the session that goes on."""

    old: Secret
    new: Secret
    again: Secret
    session: Unjournalled = empty()


class Code(Inputs):
    """A one-time code."""

    code: Secret


class EndSession(Inputs):
    """Which of the own sessions, or all but the one that asks."""

    session: int | None = None
    asking: Unjournalled = empty()


def own(call: Call, inputs: Inputs) -> Account:
    """Return the account that asks, locked; ``Problem`` 401 without one."""
    account = Account.objects.select_for_update().filter(
        county_id=call.actor.county_id, pk=call.actor.account_id or 0, is_active=True
    )
    found = account.first()
    if found is None:
        raise Problem(
            "account",
            Words("请先登录。", "Sign in first."),
            Words("登录后再办理。", "Sign in and do it again."),
            status=401,
        )
    return found


def where_own(account: Account) -> Where:
    """Where an account stands: with its owner."""
    return Where(account.county_id, account_id=account.pk)


def _said(account: Account, zh: str, en: str) -> Words:
    return Words(f"{zh}：{account.username}", f"{en}: {account.username}")


@action(
    "account.change_password", Words("修改密码", "Change the password"),
    subject="account", grants=OWN, inputs=ChangePassword, load=own, where=where_own,
)  # fmt: skip
def change_password(call: Call, account: Account, inputs: ChangePassword) -> Done | Refused:
    """Change the own password and end the account's other sessions. A wrong old one is counted by the page."""
    if not passwords.matches(inputs.old.get_secret_value(), account):
        return refuse("old_password", "原密码不对。", "The old password is wrong.")
    new = inputs.new.get_secret_value()
    if new != inputs.again.get_secret_value():
        return refuse("not_the_same", "两次输入的新密码不一样。", "The two new passwords differ.")
    passwords.require_good(new, account, place="new")
    passwords.put(account, new, call.now, made=False)
    account.failed_sign_ins = 0
    account.save(update_fields=[
        "password", "password_history", "must_change_password", "password_changed_at", "failed_sign_ins",
    ])  # fmt: skip
    ended = sessions.end(_others(account, inputs.session), "password", call.now)
    return Done(
        _said(account, "修改密码", "Changed the password"), after={"sessions_ended": ended}, subject_id=account.pk
    )


def _others(account: Account, asking: SecretStr) -> list[AccountSession]:
    return list(sessions.live(account).exclude(session_key=asking.get_secret_value()))


@action(
    "account.begin_second_factor", Words("准备动态验证码", "Prepare one-time codes"),
    subject="account", grants=OWN, inputs=Nothing, load=own, where=where_own,
)  # fmt: skip
def begin_second_factor(call: Call, account: Account, inputs: Nothing) -> Done | Refused:
    """Make a secret for the authenticator. It stands in the account, encrypted, and nowhere in the journal."""
    if account.second_factor_confirmed_at is not None:
        return refuse(
            "has_one", "已经设置过动态验证码。", "One-time codes are set up already.",
            Words("换手机请先停用旧的；手机丢失请安全管理员重置。",
                  "Take the old one away first; if the telephone is lost, the security administrator resets it."),
        )  # fmt: skip
    account.second_factor, account.second_factor_last_step = second_factor.new_secret(), 0
    account.save(update_fields=["second_factor", "second_factor_last_step"])
    return Done(_said(account, "准备动态验证码", "Prepared one-time codes"), subject_id=account.pk)


@action(
    "account.confirm_second_factor", Words("启用动态验证码", "Confirm one-time codes"),
    subject="account", grants=OWN, inputs=Code, load=own, where=where_own,
)  # fmt: skip
def confirm_second_factor(call: Call, account: Account, inputs: Code) -> Done | Refused:
    """Put one-time codes in force once a first code shows that the authenticator works; that code is spent."""
    if account.second_factor_confirmed_at is not None or not account.second_factor:
        return refuse("nothing_to_confirm", "没有待启用的动态验证码。", "Nothing waits to be confirmed.")
    step = _step(call, account, inputs.code)
    if step is None:
        return _wrong_code()
    account.second_factor_confirmed_at, account.second_factor_last_step = call.now, step
    account.save(update_fields=["second_factor_confirmed_at", "second_factor_last_step"])
    return Done(_said(account, "启用动态验证码", "One-time codes in force"), subject_id=account.pk)


@action(
    "account.drop_second_factor", Words("停用动态验证码", "Take one-time codes away"),
    subject="account", grants=OWN, inputs=Code, load=own, where=where_own,
)  # fmt: skip
def drop_second_factor(call: Call, account: Account, inputs: Code) -> Done | Refused:
    """Take the authenticator away with a code of it; a post that needs one asks for a new one at once."""
    if account.second_factor_confirmed_at is None:
        return refuse("has_none", "没有启用动态验证码。", "No one-time codes are in force.")
    if _step(call, account, inputs.code) is None:
        return _wrong_code()
    account.second_factor, account.second_factor_confirmed_at, account.second_factor_last_step = "", None, 0
    account.save(update_fields=["second_factor", "second_factor_confirmed_at", "second_factor_last_step"])
    return Done(_said(account, "停用动态验证码", "One-time codes taken away"), subject_id=account.pk)


def _step(call: Call, account: Account, code: SecretStr) -> int | None:
    return second_factor.matching_step(
        account.second_factor, code.get_secret_value(), call.now, account.second_factor_last_step
    )


def _wrong_code() -> Refused:
    return refuse(
        "code", "验证码不对或已用过。", "The code is wrong or was used before.",
        Words("请等下一个验证码；仍不对请校准手机时间。", "Wait for the next code; or set the telephone's clock."),
    )  # fmt: skip


@action(
    "account.end_session", Words("结束登录", "End a session"),
    subject="account", grants=OWN, inputs=EndSession, load=own, where=where_own,
)  # fmt: skip
def end_session(call: Call, account: Account, inputs: EndSession) -> Done:
    """End one of the own sessions, or all the others. One that has ended already is no fault."""
    if inputs.session is None:
        rows = _others(account, inputs.asking)
    else:
        rows = list(sessions.live(account).filter(pk=inputs.session))
    ended = sessions.end(rows, "by_owner", call.now)
    return Done(
        _said(account, f"结束{ended}处登录", f"Ended {ended} sessions"), values={"ended": ended}, subject_id=account.pk
    )


@action(
    "account.sign_out", Words("退出", "Sign out"),
    subject="account", grants=OWN, inputs=EndSession, load=own, where=where_own,
)  # fmt: skip
def sign_out(call: Call, account: Account, inputs: EndSession) -> Done:
    """Write down that this browser signed out and end its session."""
    rows = sessions.live(account).filter(session_key=inputs.asking.get_secret_value())
    sessions.end(rows, "signed_out", call.now)
    return Done(_said(account, "退出", "Signed out"), subject_id=account.pk)


def needs_second_factor(account: Account, held_roles: set[str]) -> bool:
    """Tell whether a post held needs one-time codes that are not set up yet."""
    return account.second_factor_confirmed_at is None and bool(held_roles & set(settings.LUOSHI_SECOND_FACTOR_ROLES))
