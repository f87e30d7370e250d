"""The cockpit: what is late, what comes within the week, what waits where; figures lead to the duties they count."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import COUNTY_ZONE
from luoshi.office.duties.models import Duty
from luoshi.office.ledger import Cell, Column, Ledger, Linked, Row
from luoshi.site.pages import cockpit_figures as figures
from luoshi.site.pages.cockpit_figures import STATES, Counts, Days, Line, Waiting
from luoshi.site.pages.faults import PROBLEMS
from luoshi.site.templatetags.components import address
from luoshi.supervision.readables import DUTY
from luoshi.supervision.stages import STAGES

rail.add("desk", "cockpit", Words("一屏总览", "Cockpit"), reads="duty", order=20)
LISTED = 8
READ = 200
STATE_WORDS = {
    "overdue": Words("逾期", "Overdue"),
    "near": Words("临期", "Due soon"),
    "week": Words("七天内", "Within 7 days"),
    "suspended": Words("暂停", "Suspended"),
    "open": Words("在办", "Open"),
}
COUNTED = {
    "plan": (Words("按方案", "By plan"), Words("方案", "Plan")),
    "unit": (Words("按单位", "By unit"), Words("单位", "Unit")),
    "town": (Words("按镇", "By town"), Words("镇", "Town")),
}
SHAPES = {"overdue": "■ ", "near": "▲ ", "suspended": "◆ "}
WAITS_FOR = {
    "assigned": Words("待单位签收", "Unit to accept"),
    "reported": Words("待督查审核", "Supervisor to review"),
    "returned": Words("退回待改", "Unit to mend"),
    "suspended": Words("中止，待恢复", "Suspended, to be resumed"),
}


def page(request: HttpRequest) -> HttpResponse:
    """Show the actor's county, town or unit at one glance."""
    stopped = closed_to(request)
    if stopped is not None:
        return stopped
    asked: Any = request
    days = Days.of(asked.now.astimezone(COUNTY_ZONE).date())
    found = figures.cells(asked.actor, days)
    total = sum((c.counts for c in found), Counts())
    return render(request, "site/cockpit.html", {
        "days": days,
        "total": total,
        "figures": _figures(total),
        "late": kinds(figures.listed(asked.actor, days, "overdue", READ)),
        "soon": kinds(figures.listed(asked.actor, days, "week", READ)),
        "waiting": waiting_ledger(figures.waiting(asked.actor)),
        "plans": counts_ledger("plan", figures.by_plan(found)),
        "units": counts_ledger("unit", figures.by_unit(found)),
        "towns": counts_ledger("town", figures.by_town(found)),
        "late_url": duties_url(state="overdue"),
        "soon_url": duties_url(state="week"),
    })  # fmt: skip


def kinds(duties: list[Duty]) -> list[dict[str, Any]]:
    """Fold duties of one kind into the oldest, with their units and whose turn each is, so that none hides another."""
    by_title: dict[str, list[Duty]] = {}
    for duty in duties:
        by_title.setdefault(duty.title_zh, []).append(duty)
    return [_kind(same) for same in list(by_title.values())[:LISTED]]


def _kind(same: list[Duty]) -> dict[str, Any]:
    units = list({d.unit_id: d.unit.words for d in same}.values())
    rest = f"等{len(units)}个单位", f" and {len(units) - 1} more units"
    who = Words(units[0].zh + rest[0], units[0].en + rest[1]) if len(units) > 1 else units[0]
    waits = Counter(_turn(d) for d in same)
    many = len(same) > 1
    turns = [Words(f"{w.zh}{n}项", f"{w.en}: {n}") if many else w for w, n in waits.most_common()]
    return {"duty": same[0], "who": who, "turns": turns, "count": len(same)}


def _turn(duty: Duty) -> Words:
    """Return whose turn a duty is: what its share waits for."""
    share = getattr(duty, "assignment", None)
    return WAITS_FOR.get(share.state if share else "", Words("单位在办", "With the unit"))


def closed_to(request: HttpRequest) -> HttpResponse | None:
    """Send the public to sign in; a role that reads no duties gets the reason. None: come in."""
    asked: Any = request
    if asked.actor.role in DUTY.grants:
        return None
    if not request.user.is_authenticated and address("sign-in"):
        return redirect_to_login(request.get_full_path())
    raise Problem("cockpit", *PROBLEMS[403], status=403)


def duties_url(**words: str) -> str:
    """Return the address of the duties under these filter words."""
    return f"{reverse('cockpit-duties')}?{urlencode(words)}"


def _figures(total: Counts) -> list[dict[str, Any]]:
    made = []
    for state in STATES:
        count = getattr(total, state)
        made.append(
            {
                "state": state if state in SHAPES else "",
                "label": STATE_WORDS[state],
                "value": count,
                "url": duties_url(state=state) if count else "",
                "of": Words("项待办", "duties"),
            }
        )
    return made


def counts_ledger(word: str, lines: list[Line]) -> Ledger:
    """Return the counts by plan, unit or town as a ledger whose every figure leads to the duties it counts."""
    heads = [(s, Words(SHAPES.get(s, "") + STATE_WORDS[s].zh, SHAPES.get(s, "") + STATE_WORDS[s].en)) for s in STATES]
    caption, head = COUNTED[word]
    columns = (Column("subject", head), *(Column(s, words, "figure") for s, words in heads))
    rows = tuple(
        Row(
            line.subject.code,
            (_name(line), *_cells(line.counts, {word: line.subject.code})),
            duties_url(**{word: line.subject.code}),
        )
        for line in lines
    )
    total = sum((line.counts for line in lines), Counts())
    return Ledger(
        f"by-{word}", caption, columns, rows, (Words("合计", "Total"), *_cells(total, {})),
        empty=Words("没有在办的待办。", "No open duties."),
        empty_hint=Words("任务交办后出现在这里。", "They appear when tasks are assigned."),
    )  # fmt: skip


def _name(line: Line) -> Words:
    words = getattr(line.subject, "words", None)
    return words or Words(line.subject.name_zh, line.subject.name_en)


def _cells(counts: Counts, words: dict[str, str]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for state in STATES:
        count = getattr(counts, state)
        # Totals of all rows lead nowhere: their duties are those of the figures at the head.
        cells.append(Linked(count, duties_url(**words, state=state)) if count and words else count)
    return tuple(cells)


def waiting_ledger(rows: list[Waiting]) -> Ledger:
    """Return what waits, at whom, since when."""
    columns = (
        Column("unit", Words("单位", "Unit")),
        Column("waits", Words("卡在", "Waits for")),
        Column("shares", Words("项", "Shares"), "figure"),
        Column("since", Words("最早交办", "Assigned since"), "day"),
    )
    made = tuple(
        Row(
            f"{w.state}-{w.unit.code}",
            (w.unit.words, WAITS_FOR.get(w.state, STAGES.states[w.state].words), w.shares, w.since),
            duties_url(unit=w.unit.code, waits=w.state),
        )
        for w in rows
    )
    total = sum(w.shares for w in rows)
    return Ledger(
        "waiting", Words("卡在哪里", "What waits, and where"), columns, made,
        totals=(Words("合计", "Total"), "", total, None) if made else (),
        empty=Words("没有卡住的事项。", "Nothing waits."),
        empty_hint=Words("未签收、待审核、退回、中止的事项出现在这里。", "What is not accepted, reviewed or resumed."),
    )  # fmt: skip
