"""How many requests without an account an address may send in a minute: a fixed window counted in the database.

Counted there and not in memory, because several worker processes serve one installation.
"""

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.people import addresses
from luoshi.office.people.models import Attempt

_COUNT = (
    "INSERT INTO people_attempt (sender, minute, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (sender, minute) DO UPDATE SET count = people_attempt.count + 1 RETURNING count"
)
_KEPT_MINUTES = 60


def limit(request: HttpRequest, now: dt.datetime) -> None:
    """Count one request of this address; raise ``Problem`` 429 when it has sent too many in this minute."""
    if count(addresses.group_of(addresses.of(request)), now) > settings.LUOSHI_ANONYMOUS_POSTS_PER_MINUTE:
        raise Problem(
            "address",
            Words("短时间内从您这里提交得太多，请稍等一分钟。", "Too much was sent from your address; wait a minute."),
            Words("一分钟后再提交即可，已填内容不会丢失。", "Send it again in a minute; what you typed is kept."),
            status=429,
        )


def count(sender: str, now: dt.datetime) -> int:
    """Add one to what this sender sent in this minute and return the sum. The address itself is not kept."""
    minute = int(now.timestamp()) // 60
    key = hmac.new(settings.LUOSHI_DATA_KEY, b"sender" + sender.encode(), hashlib.sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, (key, minute))
        sent = int(cursor.fetchone()[0])
    if sent == 1:
        Attempt.objects.filter(minute__lt=minute - _KEPT_MINUTES).delete()
    return sent
