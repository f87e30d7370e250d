"""The outbox: what must leave the house is written with the action and delivered after it, once.

Channels: a file in the data folder (always works), mail, a webhook. Reminders of one unit are merged into one
message and wait for the next working day's morning.
"""

import datetime as dt
import json
import smtplib
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from email.message import EmailMessage
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from luoshi.core.calendar import Calendar, default_calendar
from luoshi.office import door
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.notices.models import OutboxMessage

log = structlog.get_logger("luoshi.outbox")
MORNING = dt.time(9, 0)
GIVE_UP_AFTER = 8
QUIET_KINDS = (
    "reminder", "chase", "order", "talk", "circular", "check_notice", "check_cancelled", "check_conclusion", "meeting",
    "meeting_cancelled", "minutes", "scores", "correction",
)  # fmt: skip
"""What waits for working time also when it was late to leave; anything else, such as an alarm, leaves at any hour."""
_REMIND = (
    "INSERT INTO notices_outboxmessage (county_id, key, kind, unit_id, channel, target, payload, not_before, attempts, "
    "last_error) VALUES (%s, %s, 'reminder', %s, 'file', '', %s, %s, 0, '') ON CONFLICT (county_id, key) DO NOTHING"
)
_EMPTY = '{"duties": []}'
_DAYS_TRIED = 3  # a unit's message of a day may have left while this one was written


def quiet_until(now: dt.datetime, calendar: Calendar) -> dt.datetime:
    """Return when a reminder may go: now in working time, else nine o'clock of the next working day."""
    local = now.astimezone(COUNTY_ZONE)
    if calendar.is_working(local.date()) and MORNING <= local.time() <= dt.time(18, 0):
        return local
    day = (
        local.date()
        if calendar.is_working(local.date()) and local.time() < MORNING
        else local.date() + dt.timedelta(days=1)
    )
    while not calendar.is_working(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, MORNING, COUNTY_ZONE)


def enqueue(call: Call, key: str, kind: str, payload: dict[str, Any], unit_id: int | None = None, **where: Any) -> None:
    """Put one message into the outbox within the running action; the same key is sent once."""
    assert door.inside(), "messages leave with an action"
    row = OutboxMessage(
        county_id=call.actor.county_id, key=key, kind=kind, unit_id=unit_id, payload=payload,
        not_before=where.pop("not_before", call.now), **where,
    )  # fmt: skip
    OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)


def remind_units(call: Call, due: Iterable[tuple[int, int, str, str, dt.date | None]], calendar: Calendar) -> int:
    """Merge what is due into one reminder per unit and put them into the outbox; return how many.

    ``due`` are (unit id, duty id, title zh, title en, due day).
    """
    by_unit: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for unit_id, duty_id, zh, en, due_on in due:
        by_unit[unit_id].append({"duty": duty_id, "zh": zh, "en": en or zh, "due_on": str(due_on)})
    return remind(call, by_unit, calendar)


def remind(call: Call, by_unit: Mapping[int, list[dict[str, Any]]], calendar: Calendar) -> int:
    """Put reminders into the outbox, all of one unit and day in one message; return how many messages hold them.

    What a unit is reminded of after its message of the day has left waits for the next working day's.
    """
    assert door.inside(), "messages leave with an action"
    left, when = dict(sorted(by_unit.items())), quiet_until(call.now, calendar)
    for _ in range(_DAYS_TRIED):
        left = _into_message_of(call, left, when)
        if not left:
            return len(by_unit)
        day = when.astimezone(COUNTY_ZONE).date() + dt.timedelta(days=1)
        when = quiet_until(dt.datetime.combine(day, dt.time(), COUNTY_ZONE), calendar)
    raise AssertionError("a message of a day to come has not left yet")


def _into_message_of(
    call: Call, by_unit: Mapping[int, list[dict[str, Any]]], when: dt.datetime
) -> dict[int, list[dict[str, Any]]]:
    """Write into the units' messages of one day and return what found its message gone already."""
    day, county = when.astimezone(COUNTY_ZONE).date(), call.actor.county_id
    keys = {f"remind:{unit_id}:{day}": unit_id for unit_id in by_unit}
    at = connection.ops.adapt_datetimefield_value(when)
    with connection.cursor() as cursor:
        cursor.executemany(_REMIND, [(county, key, unit_id, _EMPTY, at) for key, unit_id in keys.items()])
    gone: dict[int, list[dict[str, Any]]] = {}
    written = []
    for part in _parts(list(keys)):
        rows = OutboxMessage.objects.select_for_update().filter(county_id=county, key__in=part).order_by("pk")
        for row in rows:
            unit_id = keys[row.key]
            if row.sent_at is not None:
                gone[unit_id] = by_unit[unit_id]
                continue
            row.payload = {"duties": [*row.payload["duties"], *by_unit[unit_id]]}
            written.append(row)
    OutboxMessage.objects.bulk_update(written, ["payload"], batch_size=500)
    return gone


def _parts(keys: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def deliver(now: dt.datetime, limit: int = 200) -> int:
    """Send what may go by ``now``, each message in its own transaction; return how many went."""
    sent = 0
    pending = OutboxMessage.objects.filter(sent_at__isnull=True, not_before__lte=now, attempts__lt=GIVE_UP_AFTER)
    if quiet_until(now, default_calendar()) > now:
        pending = pending.exclude(kind__in=QUIET_KINDS)
    for pk in list(pending.order_by("not_before", "pk").values_list("pk", flat=True)[:limit]):
        sent += _deliver_one(pk, now)
    return sent


def _deliver_one(pk: int, now: dt.datetime) -> bool:
    with door.opened("outbox.deliver"), transaction.atomic():
        rows = OutboxMessage.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        message = rows.filter(pk=pk, sent_at__isnull=True).first()
        if message is None:
            return False
        message.attempts += 1
        try:
            SENDERS[message.channel](message)
            message.sent_at = now
        except OSError as fault:
            message.last_error = f"{type(fault).__name__}: {fault}"[:300]
            message.not_before = now + dt.timedelta(minutes=2**message.attempts)
            log.warning(
                "not delivered", message=pk, channel=message.channel, attempt=message.attempts, error=message.last_error
            )
        message.save(update_fields=["attempts", "sent_at", "last_error", "not_before"])
        return message.sent_at is not None


def _to_file(message: OutboxMessage) -> None:
    folder = settings.LUOSHI_OUTBOX
    folder.mkdir(parents=True, exist_ok=True)
    body = {"key": message.key, "kind": message.kind, "unit": message.unit_id, "payload": message.payload}
    path = folder / f"{message.pk:010d}-{message.kind}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(body, ensure_ascii=False, indent=1), "utf-8")
    part.replace(path)


def _to_mail(message: OutboxMessage) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = str(message.payload.get("subject", message.kind)), message.target
    mail["From"] = settings.LUOSHI_MAIL_FROM
    mail.set_content(str(message.payload.get("text", json.dumps(message.payload, ensure_ascii=False))))
    with smtplib.SMTP(settings.LUOSHI_MAIL_HOST, timeout=10) as server:
        server.send_message(mail)


def _to_webhook(message: OutboxMessage) -> None:
    if not message.target.startswith("https://") and not message.target.startswith("http://127.0.0.1"):
        raise OSError("webhooks need https")
    body = json.dumps(
        {"key": message.key, "kind": message.kind, "payload": message.payload}, ensure_ascii=False
    ).encode()
    request = urllib.request.Request(message.target, body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - scheme checked above
        if answer.status >= 300:
            raise OSError(f"status {answer.status}")


SENDERS = {"file": _to_file, "mail": _to_mail, "webhook": _to_webhook}
