"""A county of two towns and three units, with one person a post."""

import datetime as dt
from dataclasses import dataclass

import pytest

from luoshi.office import door
from luoshi.office.access import Actor
from luoshi.office.actions import COUNTY_ZONE, Call
from luoshi.office.people.models import Account, Appointment, County, Place, Post, Unit

NOW = dt.datetime(2023, 7, 3, 10, 0, tzinfo=COUNTY_ZONE)


@dataclass
class SmallCounty:
    """The rows and a way to make calls as each person."""

    county: County
    units: dict[str, Unit]
    places: dict[str, Place]
    posts: dict[str, Post]
    accounts: dict[str, Account]
    asked: int = 0

    def actor(self, name: str) -> Actor:
        if name in ("system", "public"):
            return Actor(self.county.pk, name)
        post = self.posts[name]
        place = post.place or post.unit.place
        return Actor(
            self.county.pk, post.role, self.accounts[name].pk, post.pk, post.unit_id, place.path if place else None
        )

    def call(self, name: str, request_id: str | None = None, now: dt.datetime = NOW) -> Call:
        self.asked += 1
        return Call(self.actor(name), now, request_id or f"test:{self.asked}", "web", "127.0.0.1")


SEATS = {
    "officer": ("market", "officer", None),
    "other_officer": ("farming", "officer", None),
    "supervisor": ("office", "supervisor", None),
    "town_clerk": ("east", "town_clerk", "east"),
    "village_clerk": ("east", "village_clerk", "pine"),
    "system_admin": ("office", "system_admin", None),
    "security_admin": ("office", "security_admin", None),
    "audit_admin": ("office", "audit_admin", None),
}


def make_county(code: str) -> SmallCounty:
    with door.opened("fixture"):
        county = County.objects.create(code=code, division_code="999999", name_zh=f"{code}县", name_en=f"{code} county")
        places: dict[str, Place] = {}
        for name, kind, parent in (
            ("county", "county", None),
            ("east", "town", "county"),
            ("west", "town", "county"),
            ("pine", "village", "east"),
        ):
            above = places.get(parent or "")
            places[name] = Place.objects.create(
                county=county, code=name, kind=kind, name_zh=name, name_en=name, parent=above,
                path=f"{above.path}/{name}" if above else name,
            )  # fmt: skip
        units = {
            name: Unit.objects.create(
                county=county,
                code=name,
                name_zh=f"{name}局",
                name_en=name,
                short_zh=f"{name}局",
                kind="department",
                place=places.get(name),
            )
            for name in ("office", "market", "farming", "east", "west")
        }
        posts, accounts = {}, {}
        for name, (unit, role, place) in SEATS.items():
            posts[name] = Post.objects.create(
                county=county, unit=units[unit], role=role, title_zh=name, title_en=name, place=places.get(place or "")
            )
            accounts[name] = Account.objects.create(
                county=county, username=f"{code}-{name}", display_name=name, must_change_password=False
            )
            Appointment.objects.create(
                county=county, account=accounts[name], post=posts[name], from_on=dt.date(2023, 1, 3)
            )
    return SmallCounty(county, units, places, posts, accounts)


@pytest.fixture
def small(db: None) -> SmallCounty:
    """The county in which most tests happen."""
    return make_county("small")


@pytest.fixture
def neighbour(db: None) -> SmallCounty:
    """Another county in the same installation, whose rows must never show."""
    return make_county("neighbour")
