"""The minutes: a draft composed from the journal of the meeting, and the confirmed text as a paper.

``compose`` is pure: what the journal says in, text out. A person reads the draft, changes it, and confirms it.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.journal.models import Entry
from luoshi.office.papers.model import Heading, Paper, Paragraph, Signature, chinese_date, chinese_figure
from luoshi.supervision.meetings.models import Meeting

_SECTION = re.compile(r"^[一二三四五六七八九十]{1,3}、")


def draft(meeting: Meeting) -> str:
    """Return the draft of a meeting's minutes, from its entries in the journal alone."""
    rows = Entry.objects.filter(
        county_id=meeting.county_id, subject_kind="meeting", subject_id=str(meeting.pk), outcome="granted"
    )
    told = [(e.action, json.loads(e.content).get("after", {})) for e in rows.order_by("pk")]
    return compose(meeting.title_zh, told)


def compose(title: str, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Return the text: when and where, the agenda, what was decided by whom until when, who came.

    ``entries`` are (action, what it left) in their order; a later record of who came takes the place of an earlier.
    """
    called: Mapping[str, Any] = {}
    held: Mapping[str, Any] = {}
    decided: list[Mapping[str, Any]] = []
    for action, after in entries:
        if action == "meeting.call":
            called = after
        elif action == "meeting.hold":
            held = after
        elif action == "meeting.decide":
            decided.append(after)
    day = chinese_date(dt.date.fromisoformat(called["held_on"]))
    lines = [f"{day}{called['starts_at']}，{title}在{called['room']}召开。现将会议情况纪要如下。"]
    sections: list[tuple[str, Sequence[str]]] = [
        ("会议议题", _items(called["agenda"])),
        ("议定事项", _items([_decision(d) for d in decided]) or ["本次会议没有形成议定事项。"]),
        ("出席情况", [f"{word}：{'，'.join(held[k])}。" for k, word in _PRESENCE if held.get(k)]),
    ]
    for n, (head, body) in enumerate(sections, 1):
        lines += [f"{chinese_figure(n)}、{head}", *body]
    return "\n".join(lines)


_PRESENCE = (("present", "出席"), ("deputy", "派员代会"), ("absent", "缺席"))


def _items(texts: Sequence[str]) -> list[str]:
    return [f"（{chinese_figure(n)}）{text.rstrip('。；')}。" for n, text in enumerate(texts, 1)]


def _decision(after: Mapping[str, Any]) -> str:
    support = f"；配合单位：{'、'.join(after['support'])}" if after["support"] else ""
    until = chinese_date(dt.date.fromisoformat(after["due_on"]))
    return f"{after['text'].rstrip('。')}。责任单位：{after['lead']}{support}；完成时限：{until}"


def paper(meeting: Meeting, units: Sequence[str]) -> Paper:
    """Return the confirmed minutes as an official paper; ``Problem`` while they are not confirmed."""
    if meeting.minutes_on is None:
        raise Problem(
            "minutes", Words("纪要还没有印发。", "The minutes are not confirmed yet."),
            Words("请先核对草稿并印发。", "Check the draft and confirm it first."), status=409,
        )  # fmt: skip
    blocks = [
        Heading(line) if _SECTION.match(line) and len(line) < 30 else Paragraph(line)
        for line in meeting.minutes.splitlines()
        if line.strip()
    ]
    signed = Signature(meeting.group.unit.name_zh, meeting.minutes_on, sealed=False)
    return Paper(
        f"{meeting.title_zh}纪要", [*blocks, signed], recipients=(), copies_to=tuple(units), disclosure="不予公开"
    )
