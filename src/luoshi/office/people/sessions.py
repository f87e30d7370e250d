"""Signed-in browsers: registered at sign-in, limited in number, ended when idle, and told why when they come back."""

import datetime as dt
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import QuerySet
from django.http import HttpRequest

from luoshi.core.words import Words
from luoshi.office import present
from luoshi.office.people import addresses
from luoshi.office.people.models import Account, AccountSession

WHY: dict[str, Words] = {
    "limit": Words(
        "您的账号在别处登录，超出同时在线数，此处已退出。",
        "Your account signed in elsewhere; over the number of parallel sessions, this one was ended.",
    ),
    "idle": Words("较长时间没有操作，已自动退出。", "Signed out after a time without activity."),
    "signed_out": Words("您已退出。", "You are signed out."),
    "by_owner": Words("您在另一处结束了这里的登录。", "You ended this session from another one."),
    "password": Words("密码已修改，请用新密码登录。", "The password was changed; sign in with the new one."),
    "failures": Words("密码或验证码多次不对，已退出并锁定。", "Wrong too often: signed out and locked."),
    "administrator": Words(
        "管理员重设或停用了账号，此处已退出。",
        "An administrator reset or disabled the account; this session was ended.",
    ),
}
_SEEN_EVERY = dt.timedelta(minutes=1)
_ENDED_KEPT = dt.timedelta(days=7)
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("", ""))


def opened(sender: object, request: HttpRequest, user: Account, **_: Any) -> None:
    """Register the session that Django has just opened and end the oldest beyond the limit; a signal's receiver."""
    now = getattr(request, "now", None) or present.now()
    if request.session.session_key is None:  # somebody else was signed in here a moment ago
        request.session.save()
    key = request.session.session_key or ""
    AccountSession.objects.create(
        account=user,
        session_key=key,
        address=addresses.of(request),
        browser=_browser(request),
        opened_at=now,
        seen_at=now,
    )
    beyond = list(live(user).order_by("-opened_at", "-pk"))[settings.LUOSHI_SESSIONS_PER_ACCOUNT :]
    end(beyond, "limit", now)
    AccountSession.objects.filter(account=user, ended_at__lt=now - _ENDED_KEPT).delete()


def live(account: Account) -> "QuerySet[AccountSession]":
    """Return the sessions of an account that have not ended."""
    return AccountSession.objects.filter(account=account, ended_at=None)


def end(rows: Iterable[AccountSession], why: str, now: dt.datetime) -> int:
    """End sessions at once: their data goes, their row stays a week to tell the browser why. Return how many."""
    assert why in WHY, why
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for row in rows:
        store(session_key=row.session_key).delete()
        row.ended_at, row.ended_why = now, why
        row.save(update_fields=["ended_at", "ended_why"])
        ended += 1
    return ended


def why_ended(request: HttpRequest, account: Account, now: dt.datetime) -> str:
    """Keep a live session alive and return an empty text; sign out one that is idle or unknown and return why."""
    row = live(account).filter(session_key=request.session.session_key).first()
    if row is not None and now - row.seen_at <= settings.LUOSHI_IDLE_LOGOUT:
        if now - row.seen_at >= _SEEN_EVERY or now < row.seen_at:
            row.seen_at = now
            row.save(update_fields=["seen_at"])
        return ""
    if row is not None:
        end([row], "idle", now)
    logout(request)
    return "idle" if row is not None else "signed_out"


def told(request: HttpRequest) -> str:
    """Return why the session that this browser still shows has ended, once; an empty text when there is none."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return ""
    row = AccountSession.objects.filter(session_key=key).exclude(ended_at=None).first()
    if row is None:
        return ""
    row.delete()
    return row.ended_why


def moved(old_key: str | None, new_key: str | None) -> None:
    """Carry the registration over when a session gets a new key."""
    AccountSession.objects.filter(session_key=old_key).update(session_key=new_key)


def _browser(request: HttpRequest) -> str:
    said = request.META.get("HTTP_USER_AGENT", "")
    return next(name for mark, name in _BROWSERS if mark in said)
