"""A county with an issue of four documents, one of each class, with contact data and names that are made up."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from tests.office import conftest as office
from tests.office.conftest import SmallCounty

from luoshi.gazette.models import ChronicleEntry, Issue, IssueItem, Proposal
from luoshi.gazette.publication import indexing
from luoshi.office import door
from luoshi.office.people.models import Account, Appointment, Post
from luoshi.office.plans.models import Clause, Document

small, neighbour = office.small, office.neighbour
PRINTED = dt.date(2023, 7, 3)
CLASSES = ("proactive", "on_request", "withheld", "")
NAMES = {"proactive": "open", "on_request": "asked", "withheld": "kept", "": "unmarked"}
SECRET = {"proactive": "溪水长流", "on_request": "梧桐细雨", "withheld": "密林深处", "": "晴空万里"}

_CLAUSES = (
    (
        "一",
        1,
        "工作目标",
        "一、工作目标\n\n到2023年底，{secret}建成率达到百分之九十。依据《示范办法》（测府发〔2022〕7号）执行。",
    ),
    ("二", 1, "重点任务", "二、重点任务"),
    ("二/（一）", 2, "加强巡查", "（一）加强巡查\n\n每月巡查{secret}一次，食\n品安全不放松。"),
    (
        "二/（二）",
        2,
        "公开台账",
        "（二）公开台账\n\n联系人：王小明，电话：0472-8123456，邮箱 desk@example.org。{secret}台账报县长李大山审定。",
    ),
)


def text_of(secret: str, title: str) -> tuple[str, list[tuple[str, int, str, int, int]], tuple[int, int]]:
    """Return a source text, its clauses (path, level, heading, from, to) and the span of its interpretation."""
    text = f"封面的话\n\n测试县人民政府\n\n{title}\n\n各镇人民政府：\n\n"
    clauses = []
    for path, level, heading, words in _CLAUSES:
        words = words.format(secret=secret)
        clauses.append((path, level, heading, len(text), len(text) + len(words)))
        text += words + "\n\n县 政 府 文 件\n\n"
    start = len(text)
    text += f"{title}政策解读\n\n为什么要抓{secret}：因为关系到每一家。"
    return text, clauses, (start, len(text))


def make_document(small: SmallCounty, disclosure: str, **more: object) -> Document:
    """Write one document with its clauses, as the desk does."""
    name = NAMES[disclosure]
    title = f"关于印发《{name}方案》的通知"
    text, clauses, told = text_of(SECRET[disclosure], title)
    fields: dict[str, object] = {
        "county": small.county,
        "code": f"{small.county.code}-{name}",
        "title_zh": title,
        "number": f"测府发〔2023〕{len(name)}号",
        "issuer_zh": "测试县人民政府",
        "issued_on": dt.date(2023, 4, 13),
        "disclosure": disclosure,
        "text": text,
        "span_from": text.index("测试县人民政府"),
        "span_to": told[0],
        "interpretation_title": f"{title}政策解读",
        "interpretation_from": told[0],
        "interpretation_to": told[1],
        "in_force_from": dt.date(2023, 4, 13),
    }
    row = Document.objects.create(**{**fields, **more})
    Clause.objects.bulk_create(
        Clause(county=small.county, document=row, path=path, level=level, heading=heading, span_from=start, span_to=end)
        for path, level, heading, start, end in clauses
    )
    return row


@dataclass
class Published:
    """The county, its issue, its documents by class, and a way to read as somebody."""

    small: SmallCounty
    issue: Issue
    documents: dict[str, Document]
    get: Callable[..., object]


def publish(small: SmallCounty) -> tuple[Issue, dict[str, Document]]:
    """Write an issue with four documents and three entries of the chronicle."""
    with door.opened("fixture"):
        documents = {disclosure: make_document(small, disclosure) for disclosure in CLASSES}
        proposal = Proposal.objects.create(
            county=small.county,
            name="issue",
            digest=f"{small.county.code}-issue",
            text="目 录\n\n县政府文件\n\n- 1 关于印发《open方案》的通知\n",
            parsed={},
            edited={},
            received_on=PRINTED,
        )
        issue = Issue.objects.create(
            county=small.county,
            proposal=proposal,
            title="测试县人民政府公报",
            year=2023,
            number=2,
            serial=15,
            printed_on=PRINTED,
        )
        IssueItem.objects.bulk_create(
            IssueItem(issue=issue, document=d, order=n, page=n * 5) for n, d in enumerate(documents.values(), 1)
        )
        ChronicleEntry.objects.bulk_create(
            ChronicleEntry(
                county=small.county,
                issue=issue,
                order=n,
                from_on=a,
                to_on=b,
                text=text,
                same_day=same,
                place=small.places["east"] if n == 1 else None,
            )
            for n, (a, b, text, same) in enumerate(
                (
                    (dt.date(2023, 4, 30), dt.date(2023, 5, 1), "2023年4月30日至5月1日,测试县举办春耕活动。", False),
                    (
                        dt.date(2023, 5, 4),
                        dt.date(2023, 5, 4),
                        "2023年5月4日,李大山县长主持召开县政府2023年第6次常务会议。",
                        False,
                    ),
                    (dt.date(2023, 5, 4), dt.date(2023, 5, 4), "△县水务局组织防汛演练。", True),
                ),
                1,
            )
        )
        indexing.refresh_issue(issue)
    return issue, documents


@pytest.fixture
def published(small: SmallCounty, client: Client) -> Published:
    """The county in which most tests happen, and pages read by the public or by somebody with a post."""
    issue, documents = publish(small)

    def get(path: str, as_: str = "", **query: str) -> object:
        client.logout()
        if as_:
            client.force_login(small.accounts[as_])
        return client.get(path, query)

    return Published(small, issue, documents, get)


def give_post(small: SmallCounty, name: str, unit: str, role: str) -> None:
    """Give the county one more person in a post."""
    with door.opened("fixture"):
        small.posts[name] = Post.objects.create(
            county=small.county, unit=small.units[unit], role=role, title_zh=name, title_en=name
        )
        small.accounts[name] = Account.objects.create(
            county=small.county, username=f"{small.county.code}-{name}", display_name=name, must_change_password=False
        )
        Appointment.objects.create(
            county=small.county, account=small.accounts[name], post=small.posts[name], from_on=dt.date(2023, 1, 3)
        )


__all__ = ["SECRET", "Published", "give_post", "make_document", "publish", "reverse"]
