"""Pieces that several pages of this part show: weeks, rooms, papers, the records load was counted from."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.ledger import Column, Ledger, Linked, Row
from luoshi.supervision.load import ladder, meter, scheme
from luoshi.supervision.load.meter import Asked, Room
from luoshi.supervision.load.models import OfficePaper, Press
from luoshi.supervision.pages import asking

ROUTES = {"ask": "ask", "press": "press", "check": "check", "duty": "duty", "meeting": "meeting"}
FIRST_YEAR, LAST_YEAR = 2000, 2200
WEEK_LAST = dt.timedelta(days=6)
BY_PLAN = Words("方案或系统", "the plan or the house")
PAPER_KINDS = {
    "chase": Words("催办通知", "Chasing"),
    "order": Words("督办单", "Supervision order"),
    "talk": Words("约谈记录", "Record of the talk"),
    "circular": Words("通报", "Circular"),
    "talk_notice": Words("约谈整改告知书", "Notice before a talk"),
    "circular_notice": Words("通报整改告知书", "Notice before a circular"),
    "praise": Words("通报表扬", "Circular of praise"),
    "check_notice": Words("检查通知", "Notice of a check"),
    "check_conclusion": Words("督查结论", "Conclusion of a check"),
}
MARKS = {
    "sent": "on_time", "mending": "near", "ripe": "overdue", "mended": "done", "reported": "done",
    "effective": "overdue", "withdrawn": "cancelled",
}  # fmt: skip


def week_of(request: HttpRequest) -> dt.date:
    """Return the Monday of ``?week=``, of this week where none is given; ``Problem`` for what is no day."""
    text = request.GET.get("week", "")
    if not text:
        return meter.monday(asking.today_of(request))
    try:
        day = dt.date.fromisoformat(text)
        if not FIRST_YEAR <= day.year < LAST_YEAR:
            raise ValueError(text)
    except ValueError as fault:
        raise Problem(
            "week",
            Words(f"“{text[:40]}”不是日期。", f"{text[:40]!r} is no day."),
            Words("请写成 2023-07-03 的形式。", "Write it like 2023-07-03."),
        ) from fault
    return meter.monday(day)


def week_words(monday: dt.date) -> Words:
    """Return a week as pages name it."""
    last = monday + dt.timedelta(days=6)
    return Words(
        f"{monday.year}年{monday.month}月{monday.day}日至{last.month}月{last.day}日",
        f"{monday.day} {monday:%b} to {last.day} {last:%b} {last.year}",
    )


def weeks_around(url: str, monday: dt.date) -> dict[str, Any]:
    """Return the way to the weeks before and after."""
    step = dt.timedelta(days=7)
    return {
        "week": week_words(monday),
        "before_url": f"{url}?week={monday - step}",
        "after_url": f"{url}?week={monday + step}",
    }


def fullness(minutes: int, cap: int, day: dt.date) -> Words:
    """Return in words how full a week is."""
    if minutes > cap:
        return Words("■ 超过上限", "■ above the cap")
    if minutes * 100 >= cap * scheme.on(day).near_share:
        return Words("▲ 接近上限", "▲ nearly full")
    return Words("● 有余量", "● has room")


def rooms_ledger(rooms: Sequence[Room], today: dt.date) -> Ledger:
    """Return what units' weeks hold, what would be added, and who would pass the cap."""
    rows = [
        Row(
            f"{room.unit_id}-{room.week}",
            (
                room.name, week_words(room.week), room.held, room.added, room.held + room.added, room.cap,
                fullness(room.held + room.added, room.cap, today),
                _free(room.free) if room.passes else "",
            ),
            href=f"{reverse('load-unit', args=[room.unit_id])}?week={room.week}",
        )
        for room in rooms
    ]  # fmt: skip
    columns = (
        Column("unit", Words("单位", "Unit")),
        Column("week", Words("计入哪一周", "Counts in the week")),
        Column("held", Words("已有（分钟）", "Held (min)"), "figure"),
        Column("added", Words("将增加", "Added"), "figure"),
        Column("sum", Words("合计", "Sum"), "figure"),
        Column("cap", Words("上限", "Cap"), "figure"),
        Column("state", Words("情况", "State")),
        Column("free", Words("可改在", "Room in")),
    )
    none = Words("没有单位会增加负担。", "No unit would be asked for more.")
    return Ledger(
        "rooms", Words("发送前：各单位的负担", "Before sending: load of each unit"), columns, tuple(rows),
        empty=none,
        empty_hint=Words("所选单位都已并入先前的要求。", "All of them join an earlier request."),
    )  # fmt: skip


def _free(week: dt.date | None) -> Words:
    if week is None:
        return Words("半年内没有余量", "no room in half a year")
    return Words(f"{week.month}月{week.day}日起的一周", f"the week of {week.day} {week:%b}")


def items_ledger(rows: Iterable[Asked], names: Mapping[int, Words], *, caption: Words) -> Ledger:
    """Return what was asked, one row each, leading to the record it was counted from."""
    shown = []
    for row in rows:
        kind = scheme.on(row.on).kinds[row.kind].words
        route = ROUTES.get(row.ref[0])
        by = names.get(row.by_id or 0, BY_PLAN)
        counted = Words("计入", "yes") if row.capped else Words("不计入", "no")
        href = reverse(route, args=[row.ref[1]]) if route else ""
        cells = (row.words, kind, row.on, by, row.minutes, counted)
        shown.append(Row(f"{row.ref[0]}-{row.ref[1]}-{row.on}", cells, href))
    columns = (
        Column("what", Words("要求的事", "What was asked")),
        Column("kind", Words("类别", "Kind")),
        Column("day", Words("日期", "Day"), "day"),
        Column("by", Words("谁要求的", "By")),
        Column("minutes", Words("分钟", "Minutes"), "figure"),
        Column("capped", Words("计入上限", "Under the cap")),
    )
    return Ledger(
        "items", caption, columns, tuple(shown), empty=Words("这一周没有要求。", "Nothing was asked in this week."),
        empty_hint=Words("督查向单位提出的每项要求都会列在这里。", "Everything supervision asks stands here."),
    )  # fmt: skip


def paper_seen(paper: OfficePaper) -> dict[str, Any]:
    """Return one paper with its two files."""
    return {
        "number": paper.document_number,
        "kind": PAPER_KINDS[paper.kind],
        "title": paper.title,
        "on": paper.issued_on,
        "docx": reverse("office-paper", args=[paper.pk, "docx"]),
        "pdf": reverse("office-paper", args=[paper.pk, "pdf"]),
    }


def press_mark(press: Press, mended_on: dt.date | None, today: dt.date) -> tuple[str, Words]:
    """Return the mark and the words of what has become of a step."""
    code = ladder.standing(press.step, press.state, press.mend_by, mended_on, today)
    mark = "done" if press.step == "praise" else MARKS[code]
    return mark, ladder.STANDINGS[code]


def linked(value: Words | str, route: str, *args: object) -> Linked:
    """Return a cell that leads somewhere."""
    return Linked(value, reverse(route, args=args))
