"""What of a document a reader may see. Lists, pages, clauses, search, feed, XML and API all ask here.

The printed class is honoured: 依申请公开 is listed by title, number and day, its text is not public until the county
decides otherwise by a dated value; 不予公开 is not listed. An officer with a post in the county reads everything.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from luoshi.core.words import Words
from luoshi.office.access import Actor, Readable
from luoshi.office.people.models import County
from luoshi.office.plans.models import DatedValue, Document
from luoshi.office.plans.values import value_on

ONLINE = "on_request_document_online"
_POSTS = (
    "officer",
    "unit_head",
    "town_clerk",
    "village_clerk",
    "supervisor",
    "leading_office",
    "county_head",
    "editor",
    "disclosure_officer",
    "auditor",
)

DOCUMENT_TEXT = Readable(
    "document_text",
    Words("未对外公开的文件正文", "Text of documents that is not public"),
    {role: "county" for role in _POSTS},
)
DOCUMENT = Readable(
    "document", Words("公报文件（标题、字号、日期）", "Gazette documents: title, number, day"), {"public": "public"}
)
DISCLOSURE_REQUEST = Readable(
    "disclosure_request",
    Words("信息公开申请", "Requests for information"),
    {"disclosure_officer": "county", "auditor": "county", "county_head": "county"},
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which county, and which on-request documents the county has opened by this day."""

    county_id: int
    officer: bool
    all_on_request: bool = False
    opened: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def lists(self, document: Document) -> bool:
        """Tell whether title, number and day may be shown."""
        return document.county_id == self.county_id and (self.officer or document.disclosure != "withheld")

    def reads_text(self, document: Document) -> bool:
        """Tell whether the words may be shown."""
        return document.county_id == self.county_id and self.reads_class(document.disclosure, document.code)

    def reads_class(self, disclosure: str, code: str) -> bool:
        """Tell the same by class and code, for rows that are not whole documents."""
        if self.officer or disclosure in ("proactive", ""):
            return True
        return disclosure == "on_request" and code not in self.closed and (self.all_on_request or code in self.opened)

    def listed(self, rows: QuerySet[Document]) -> QuerySet[Document]:
        """Return the documents that may be listed."""
        mine = rows.filter(county_id=self.county_id)
        return mine if self.officer else mine.exclude(disclosure="withheld")

    def readable(self, rows: QuerySet[Document]) -> QuerySet[Document]:
        """Return the documents whose words may be shown."""
        mine = rows.filter(county_id=self.county_id)
        if self.officer:
            return mine
        asked = Q(disclosure="on_request") & (
            ~Q(code__in=self.closed) if self.all_on_request else Q(code__in=self.opened)
        )
        return mine.filter(Q(disclosure__in=("proactive", "")) | asked)


def reader(actor: Actor, county: County, today: dt.date) -> Reader:
    """Return what this actor may read in this county. The county's decisions are those in force today."""
    if actor.county_id == county.pk and actor.role in DOCUMENT_TEXT.grants and actor.post_id is not None:
        return Reader(county.pk, officer=True)
    return public_reader(county.pk, today)


def public_reader(county_id: int, today: dt.date) -> Reader:
    """Return what anybody may read."""
    decided: dict[str, bool] = {}
    rows = DatedValue.objects.filter(
        county_id=county_id, subject="gazette", key__startswith=f"{ONLINE}.", from_on__lte=today
    )
    for key, value in rows.order_by("from_on", "pk").values_list("key", "value"):
        decided[key.removeprefix(f"{ONLINE}.")] = value is True
    return Reader(
        county_id,
        officer=False,
        all_on_request=_value(county_id, today),
        opened=frozenset(c for c, v in decided.items() if v),
        closed=frozenset(c for c, v in decided.items() if not v),
    )


def _value(county_id: int, today: dt.date) -> bool:
    try:
        return value_on(county_id, "gazette", ONLINE, today).value is True
    except KeyError:
        return False
