"""The controls of graded protection (DOMAIN 13) as this installation has them: setting, value, source, where enforced.

``settings`` are names of Django settings, ``enforced`` dotted names of ours; a test checks that each exists, so that
the page cannot promise what is not there.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings

from luoshi.core.words import Words

Source = Literal["standard", "ours", "law"]
SOURCES: dict[Source, Words] = {
    "standard": Words(
        "GB/T 22239—2019（公开转录，逐条待核）", "GB/T 22239—2019 (from a public transcription; to be checked)"
    ),
    "ours": Words(
        "标准未给数值，本系统取值，待县里核定", "the standard gives no value; ours, for the county to settle"
    ),
    "law": Words("法律", "law"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its level, what it asks, the settings that hold its values, where it is enforced."""

    level: str
    words: Words
    settings: tuple[str, ...]
    source: Source
    enforced: tuple[str, ...]
    note: Words | None = None


_P, _S = "luoshi.office.people.", "luoshi.site."
CONTROLS: tuple[Control, ...] = (
    Control(
        "L2",
        Words("口令复杂度、不重复", "Password complexity, no reuse"),
        ("AUTH_PASSWORD_VALIDATORS", "LUOSHI_PASSWORD_HISTORY"),
        "ours",
        (_P + "passwords.require_good", _P + "passwords.NotUsedRecently"),
    ),
    Control(
        "L2",
        Words("口令定期更换、首次登录更换", "Regular change, change at first sign-in"),
        ("LUOSHI_PASSWORD_MAX_AGE",),
        "ours",
        (_P + "passwords.change_is_due", _P + "acting.settle"),
    ),
    Control(
        "L2",
        Words("口令加盐散列存储", "Passwords stored as salted hashes"),
        ("PASSWORD_HASHERS",),
        "standard",
        (_P + "passwords.put",),
    ),
    Control(
        "L2",
        Words("登录失败处理：计数、锁定", "Failed sign-ins are counted and lock"),
        ("LUOSHI_LOCK_AFTER_FAILURES", "LUOSHI_LOCK_FOR"),
        "ours",
        (_P + "sign_in.fail_sign_in", _P + "sign_in.try_password"),
    ),
    Control(
        "L2",
        Words("超时自动退出", "Signed out when idle"),
        ("LUOSHI_IDLE_LOGOUT",),
        "ours",
        (_P + "sessions.why_ended",),
    ),
    Control(
        "L2",
        Words("远程管理传输保护", "Protected on the wire"),
        ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_HTTPONLY"),
        "standard",
        (_S + "middleware.content_security_policy",),
        Words("传输加密由反向代理提供；演示县只在本机。", "TLS is the reverse proxy's; the demo is loopback only."),
    ),
    Control(
        "L3",
        Words("两种鉴别，其一为密码技术", "Two factors, one of them cryptographic"),
        ("LUOSHI_SECOND_FACTOR_ROLES", "LUOSHI_SIGN_IN_CODE_WITHIN"),
        "standard",
        (_P + "second_factor.matching_step", _P + "own_account.needs_second_factor"),
        Words(
            "动态验证码（TOTP）；不能替代密评所需的认证密码模块。",
            "TOTP; it does not replace a certified cryptographic module.",
        ),
    ),
    Control(
        "L3",
        Words("限制同时在线数", "A limit on parallel sessions"),
        ("LUOSHI_SESSIONS_PER_ACCOUNT",),
        "ours",
        (_P + "sessions.opened",),
    ),
    Control(
        "L3",
        Words("登录提示：上次登录时间和失败次数", "Notice at sign-in: last time, failures since"),
        (),
        "standard",
        (_S + "pages.account_sign_in.page",),
    ),
    Control(
        "L2",
        Words("无默认账号；多余、共享账号停用", "No default accounts; dead ones disabled"),
        (),
        "standard",
        (_P + "first_admins.make", _P + "recovery.disable", _S + "pages.admin_accounts.accounts"),
    ),
    Control(
        "L2",
        Words("管理权限最小、三员分设", "Least rights for administrators, kept apart"),
        (),
        "standard",
        (_P + "actions.appoint", "luoshi.office.access.may"),
    ),
    Control(
        "L3",
        Words("授权主体配置规则，控制到用户和记录", "Rules down to user and record"),
        (),
        "standard",
        ("luoshi.office.access.Readable", "luoshi.office.access.matrix"),
    ),
    Control(
        "L2",
        Words("审计覆盖每个用户和重要事件", "Audit covers every user and important act"),
        (),
        "standard",
        ("luoshi.office.actions.perform", "luoshi.office.journal.append.append"),
    ),
    Control(
        "L3",
        Words("审计进程不可中断：与办理同一事务", "Audit cannot be interrupted: one transaction"),
        (),
        "standard",
        ("luoshi.office.actions.perform", "luoshi.office.door.guard"),
    ),
    Control(
        "L2",
        Words("审计记录受保护、可导出", "Audit records protected and exported"),
        (),
        "standard",
        ("luoshi.office.journal.seals.verify", "luoshi.office.journal.seals.export"),
    ),
    Control(
        "L2",
        Words("日志留存不少于六个月", "Logs kept for at least six months"),
        (),
        "law",
        ("luoshi.office.journal.models.Entry",),
        Words(
            "留痕不删除，因此始终满足；网络安全法（2025年10月28日文本）第二十三条。",
            "The journal is never deleted; Cybersecurity Law, text of 2025-10-28, Art. 23.",
        ),
    ),
    Control(
        "L2",
        Words("每个接口的输入有效性检验", "Inputs checked on every interface"),
        ("LUOSHI_UPLOAD_LIMIT", "DATA_UPLOAD_MAX_MEMORY_SIZE", "DATA_UPLOAD_MAX_NUMBER_FIELDS"),
        "standard",
        ("luoshi.office.actions.read_inputs",),
    ),
    Control(
        "L2",
        Words("无账号提交限频", "Requests without an account are limited"),
        ("LUOSHI_ANONYMOUS_POSTS_PER_MINUTE", "LUOSHI_TRUSTED_PROXIES"),
        "ours",
        (_P + "attempts.limit",),
    ),
    Control(
        "L3",
        Words("个人信息存储加密", "Personal data encrypted at rest"),
        (),
        "standard",
        ("luoshi.office.vault.EncryptedText", "luoshi.office.vault.blind_index"),
    ),
    Control(
        "L2",
        Words("个人信息默认遮蔽，查看留痕", "Personal data masked; showing it is recorded"),
        ("LUOSHI_REVEALED_FOR",),
        "standard",
        (_P + "masking.masked", _P + "person_actions.reveal"),
    ),
    Control(
        "L2",
        Words("鉴别信息不进日志和留痕", "No credentials in logs or journal"),
        (),
        "standard",
        (_P + "secret.Secret", _P + "secret.Unjournalled"),
    ),
)


def value_of(name: str) -> str:
    """Return a setting's value as the page shows it; lists by their last names, durations in days or minutes."""
    value: Any = getattr(settings, name)
    if isinstance(value, dt.timedelta):
        return f"{value.days} d" if value.days else f"{int(value.total_seconds() // 60)} min"
    if isinstance(value, list | tuple):
        return ", ".join(_short(v) for v in value) or "—"
    return str(value)


def _short(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value).rsplit(".", 1)[-1]
    options = "".join(f" {v}" for v in value.get("OPTIONS", {}).values() if isinstance(v, int))
    return str(value["NAME"]).rsplit(".", 1)[-1] + options
