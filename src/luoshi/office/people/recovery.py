"""What administrators do with other people's accounts.

The security administrator unlocks, resets one-time codes and sets a made password; the system administrator disables
and enables. Nobody does any of it to the own account.
"""

from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.words import Words
from luoshi.office.access import Grants, Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people import passwords, sessions, sign_in, token_actions
from luoshi.office.people.actions import missing
from luoshi.office.people.models import Account
from luoshi.office.people.secret import Unjournalled

SECURITY: Grants = {"security_admin": "county"}
SYSTEM: Grants = {"system_admin": "county"}


class OneAccount(Inputs):
    """Which account."""

    account: int


class SetPassword(Inputs):
    """Which account, and the made password, which the page shows once."""

    account: int
    password: Unjournalled


def _account(call: Call, inputs: OneAccount | SetPassword) -> Account:
    rows = Account.objects.select_for_update().filter(county_id=call.actor.county_id, pk=inputs.account)
    found = rows.first()
    if found is None:
        raise missing("account", "这个账号", "account")
    return found


def _where(account: Account) -> Where:
    return Where(account.county_id)


def _not_own(call: Call, account: Account) -> Outcome:
    if account.pk == call.actor.account_id:
        return refuse(
            "not_oneself", "不能对自己的账号办理。", "Nobody does this to the own account.",
            Words("请由另一位管理员办理。", "Ask another administrator."),
        )  # fmt: skip
    return Granted()


def why_not_unlock(call: Call, account: Account) -> Outcome:
    """Answer whether this account can be unlocked: it is locked, or failures have been counted."""
    if not sign_in.is_locked(account, call.now) and not account.failed_sign_ins:
        return refuse("not_locked", "账号没有锁定。", "The account is not locked.")
    return _not_own(call, account)


def why_not_reset_factor(call: Call, account: Account) -> Outcome:
    """Answer whether one-time codes can be reset: there are some."""
    if not account.second_factor:
        return refuse("has_none", "没有设置动态验证码。", "No one-time codes are set up.")
    return _not_own(call, account)


def why_not_disable(call: Call, account: Account) -> Outcome:
    """Answer whether the account can be disabled."""
    if not account.is_active:
        return refuse("disabled", "账号已停用。", "The account is disabled already.")
    return _not_own(call, account)


def why_not_enable(call: Call, account: Account) -> Outcome:
    """Answer whether the account can be enabled."""
    if account.is_active:
        return refuse("enabled", "账号没有停用。", "The account is not disabled.")
    return _not_own(call, account)


def _done(account: Account, zh: str, en: str, ended: int = 0) -> Done:
    after = {"sessions_ended": ended} if ended else {}
    return Done(Words(f"{zh}：{account.username}", f"{en}: {account.username}"), after=after, subject_id=account.pk)


@action(
    "account.unlock", Words("解除锁定", "Unlock"),
    subject="account", grants=SECURITY, inputs=OneAccount, load=_account, where=_where, why_not=why_not_unlock,
)  # fmt: skip
def unlock(call: Call, account: Account, inputs: OneAccount) -> Done:
    """Lift a lock before its time and forget the failures counted."""
    account.failed_sign_ins, account.locked_until = 0, None
    account.save(update_fields=["failed_sign_ins", "locked_until"])
    return _done(account, "解除锁定", "Unlocked")


@action(
    "account.reset_second_factor", Words("重置动态验证码", "Reset one-time codes"),
    subject="account", grants=SECURITY, inputs=OneAccount, load=_account, where=_where, why_not=why_not_reset_factor,
)  # fmt: skip
def reset_second_factor(call: Call, account: Account, inputs: OneAccount) -> Done:
    """Take a lost authenticator away and end the account's sessions."""
    account.second_factor, account.second_factor_confirmed_at, account.second_factor_last_step = "", None, 0
    account.save(update_fields=["second_factor", "second_factor_confirmed_at", "second_factor_last_step"])
    return _done(account, "重置动态验证码", "Reset one-time codes", _end_sessions(call, account))


@action(
    "account.reset_password", Words("重置密码", "Set a made password"),
    subject="account", grants={**SECURITY, "system": "county"}, inputs=SetPassword, load=_account, where=_where,
    why_not=_not_own,
)  # fmt: skip
def reset_password(call: Call, account: Account, inputs: SetPassword) -> Done | Refused:
    """Set a made password that must be changed at the next sign-in, end the sessions and lift a lock."""
    password = inputs.password.get_secret_value()
    passwords.require_good(password, account)
    passwords.put(account, password, call.now, made=True)
    account.failed_sign_ins, account.locked_until = 0, None
    account.save()
    return _done(account, "重置密码", "Set a made password", _end_sessions(call, account))


@action(
    "account.disable", Words("停用账号", "Disable the account"),
    subject="account", grants=SYSTEM, inputs=OneAccount, load=_account, where=_where, why_not=why_not_disable,
)  # fmt: skip
def disable(call: Call, account: Account, inputs: OneAccount) -> Done:
    """Disable an account: nobody signs in with it, and its sessions end now."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    return _done(account, "停用账号", "Disabled the account", _end_sessions(call, account))


@action(
    "account.enable", Words("启用账号", "Enable the account"),
    subject="account", grants=SYSTEM, inputs=OneAccount, load=_account, where=_where, why_not=why_not_enable,
)  # fmt: skip
def enable(call: Call, account: Account, inputs: OneAccount) -> Done:
    """Enable a disabled account again."""
    account.is_active = True
    account.save(update_fields=["is_active"])
    return _done(account, "启用账号", "Enabled the account")


def _end_sessions(call: Call, account: Account) -> int:
    token_actions.end_all(account, call.now)
    return sessions.end(sessions.live(account), "administrator", call.now)
