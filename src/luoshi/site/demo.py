"""The demo county: generated posts and people, and the months before today lived through with real actions.

Nobody here exists: names are a surname, 演 and a number. Everything is drawn from one fixed seed, so the county is
the same on every machine. Passwords are random and thrown away: the demo's one-click sign-in needs none.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.office import register
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people import actions as people
from luoshi.office.people.models import Account, Appointment, County, Place, Unit

SEED = 20230703
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
WORKING_KINDS = ("party", "office", "department", "institution", "team", "city_branch", "park", "enterprise")
SINGLE_POSTS = (
    ("county-government", "county_head", "分管副县长", "Deputy county head"),
    ("county-government-office", "supervisor", "督查室督查员", "Supervision desk, first seat"),
    ("county-government-office", "supervisor", "督查室复核员", "Supervision desk, second seat"),
    ("county-government-office", "editor", "公报编辑", "Gazette editor"),
    ("county-government-office", "disclosure_officer", "信息公开员", "Disclosure officer"),
    ("discipline-supervision", "auditor", "审计联络员", "Audit liaison"),
    ("food-leading-group-office", "leading_office", "创建办专员", "Food leading-group office"),
    ("housing-leading-group-office", "leading_office", "危改办专员", "Housing leading-group office"),
    ("outage-headquarters-office", "leading_office", "停电应急办专员", "Outage headquarters office"),
    ("jinshan-park", "leading_office", "园区专班专员", "Park leading office"),
    ("county-government-office", "system_admin", "系统管理员", "System administrator"),
    ("county-government-office", "security_admin", "安全管理员", "Security administrator"),
    ("county-government-office", "audit_admin", "审计管理员", "Audit administrator"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post to be made: unit code, role, titles, place code."""

    unit: str
    role: str
    title_zh: str
    title_en: str
    place: str = ""


def fill(county: County, now: dt.datetime) -> int:
    """Make posts and people once; return how many accounts were made."""
    if Account.objects.filter(county=county).exists():
        return 0
    first = dt.datetime.combine(dt.date(2023, 1, 3), dt.time(9), COUNTY_ZONE)
    return _people(county, first)


def seats(county: County) -> Iterator[Seat]:
    """Yield every seat of the demo county."""
    for unit, role, zh, en in SINGLE_POSTS:
        yield Seat(unit, role, zh, en)
    for working in Unit.objects.filter(county=county, collective=False, kind__in=WORKING_KINDS).order_by("pk"):
        yield Seat(working.code, "officer", "承办人", "Officer in charge")
        yield Seat(working.code, "unit_head", "负责人", "Head of unit")
    for town in Place.objects.filter(county=county, kind="town").order_by("pk"):
        unit_code = register.places(county.code)[town.code].unit or ""
        yield Seat(unit_code, "town_clerk", "镇经办人", "Town clerk", town.code)
        yield Seat(unit_code, "unit_head", "镇长", "Head of town", town.code)
        for village in Place.objects.filter(parent=town).order_by("pk")[:1]:
            yield Seat(unit_code, "village_clerk", f"{village.name_zh}经办人", f"{village.name_en} clerk", village.code)


def _people(county: County, first: dt.datetime) -> int:
    chance = random.Random(SEED)  # noqa: S311 - a demo, not a secret
    system = Actor(county.pk, "system")
    known = set(Unit.objects.filter(county=county).values_list("code", flat=True))
    made = 0
    for seat in seats(county):
        if seat.unit not in known:
            continue
        made += 1
        name = f"{chance.choice(SURNAMES)}演{made:03d}"

        def ask(what: str, n: int = made) -> Call:
            return Call(system, first, f"demo:{what}:{n}", "import")

        post = people.open_post(
            ask("post"),
            unit=seat.unit,
            role=seat.role,
            title_zh=seat.title_zh,
            title_en=seat.title_en,
            place=seat.place,
        )
        account = people.open_account(ask("account"), username=f"demo{made:03d}", display_name=name)
        people.appoint(
            ask("appoint"), account=account.values["account"], post=post.values["post"], from_on=first.date()
        )
    return made


def actor_for(county: County, unit: Unit, role: str) -> Actor | None:
    """Return the demo person who holds a role in a unit."""
    row = (
        Appointment.objects.select_related("post__unit__place", "post__place")
        .filter(county=county, post__unit=unit, post__role=role)
        .order_by("pk")
        .first()
    )
    if row is None:
        return None
    place = row.post.place or row.post.unit.place
    return Actor(county.pk, role, row.account_id, row.post_id, unit.pk, place.path if place else None)
