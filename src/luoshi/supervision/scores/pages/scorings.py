"""The list of scorings, running one, and the page of one: ranking by group, formula, versions, contests."""

import json
from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.actions import Action
from luoshi.office.fields import Field, Option
from luoshi.office.ledger import Column, Ledger, Linked, Row
from luoshi.office.people.acting import call_of
from luoshi.office.plans.models import Plan
from luoshi.supervision.pages import asking
from luoshi.supervision.queries import timeline
from luoshi.supervision.readables import WATCHERS
from luoshi.supervision.scores import actions, difference
from luoshi.supervision.scores import scheme as schemes
from luoshi.supervision.scores.models import Contest, Scoresheet, Scoring
from luoshi.supervision.scores.pages import shown
from luoshi.supervision.scores.pages.answering import Asked, answer
from luoshi.supervision.scores.readables import CONTEST, SCORING, scorings, sheets
from luoshi.supervision.scores.scheme import Scheme

rail.add("supervision", "scores", shown.LIST, reads="scoring", order=40)
VERBS: dict[str, tuple[Action[Any, Any], bool]] = {
    "publish": (actions.publish, False),
    "rerun": (actions.rerun, True),
    "open": (actions.open_to_public, True),
    "shut": (actions.shut, True),
}
REASON = Field(
    "reason", Words("理由", "Reason"), "textarea", hint=Words("写明原因，会留痕。", "Say why; it is kept."), rows=3
)
LIMIT = 200


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the scorings one may read; a unit sees its own score in each."""
    if (stopped := asking.barred(request, SCORING)) is not None:
        return stopped
    actor = asking.actor_of(request)
    rows = list(scorings(actor).select_related("plan").order_by("-to_on", "-from_on", "scope", "-version")[:LIMIT])
    own = {} if actor.role in WATCHERS else {s.scoring_id: s for s in sheets(actor).filter(unit_id=actor.unit_id or 0)}
    return render(
        request,
        "scores/list.html",
        {
            "title": shown.LIST,
            "ledger": _listed(rows, own),
            "may_run": actor.role in actions.run.grants,
            "run_url": reverse("scores-new"),
        },
    )


def _listed(rows: list[Scoring], own: dict[int, Scoresheet]) -> Ledger:
    columns = (
        Column("name", Words("期间", "Period")),
        Column("scope", Words("范围", "Scope")),
        Column("version", Words("版本", "Version"), "figure"),
        Column("state", Words("状态", "State")),
        Column("published", Words("公布日", "Published"), "day"),
        Column("own", Words("本单位", "Own unit"), "figure"),
        Column("units", Words("单位数", "Units"), "figure"),
    )
    lines = []
    for s in rows:
        mine = own.get(s.pk)
        score = Linked(str(mine.score or "—"), reverse("scoresheet", args=[mine.pk])) if mine else ""
        scope = s.plan.words if s.plan else Words("全部方案", "All plans")
        cells = (shown.period(s), scope, s.version, shown.STATES[s.state], s.published_on, score, s.units)
        lines.append(Row(str(s.pk), cells, href=reverse("scoring", args=[s.pk])))
    return Ledger(
        "scorings",
        shown.LIST,
        columns,
        tuple(lines),
        empty=Words("还没有评分。", "There are no scores yet."),
        empty_hint=Words(
            "督查室对一个已结束的期间运行评分并公布后，会出现在这里。",
            "They appear when the supervision office has run and published a period that is over.",
        ),
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a period and a scope, and run."""
    if (stopped := asking.barred(request, SCORING)) is not None:
        return stopped
    actor = asking.actor_of(request)
    plans = Plan.objects.filter(county_id=actor.county_id).order_by("pk")
    everything = Option("", Words("全部方案", "All plans"))
    fields = (
        Field("from_on", Words("开始日期", "From"), "date", hint=Words("含当日", "this day included")),
        Field(
            "to_on", Words("结束日期", "To"), "date", hint=Words("含当日，应已过去", "this day included; it has passed")
        ),
        Field(
            "plan_id",
            Words("范围", "Scope"),
            "select",
            required=False,
            options=(everything, *(Option(str(p.pk), p.words) for p in plans)),
        ),
    )
    series = actions.runs.Series(actor.county_id, None) if actor.role != "leading_office" else None
    return answer(
        request,
        Asked(
            actions.run,
            series,
            reverse("scores-new"),
            {},
            fields,
            shown.LIST,
            shown.trail(),
            reverse("scores"),
            "/scores/{scoring}",
        ),
    )


def found(request: HttpRequest, scoring_id: int) -> Scoring:
    """Return a scoring this actor may read, or 404."""
    rows = scorings(asking.actor_of(request)).select_related("plan__leading_unit", "run_by", "office", "replaces")
    one = rows.filter(pk=scoring_id).first()
    if one is None:
        raise Http404
    return one


@require_safe
def page(request: HttpRequest, scoring_id: int) -> HttpResponse:
    """Show one scoring: what is next, the ranking by groups, the formula, contests, versions and what happened."""
    if (stopped := asking.barred(request, SCORING)) is not None:
        return stopped
    scoring, actor = found(request, scoring_id), asking.actor_of(request)
    scheme = schemes.of(scoring.scheme)
    whole = actor.role in WATCHERS
    rows = list(
        sheets(actor).filter(scoring=scoring).select_related("unit").order_by("group", "place", "-score", "unit_id")
    )
    contests = CONTEST.visible(actor, Contest.objects.filter(scoresheet__scoring=scoring))
    return render(
        request,
        "scores/scoring.html",
        {
            "title": shown.name(scoring),
            "scoring": scoring,
            "state": shown.STATES[scoring.state],
            "acts": _acts(request, scoring),
            "ledgers": groups(scheme, rows),
            "whole": whole,
            "scheme": scheme,
            "rules": shown.rules(scheme),
            "contests": _contests(contests),
            "until": shown.until(scoring.contest_until, asking.today_of(request)),
            "versions": scorings(actor)
            .filter(scope=scoring.scope, from_on=scoring.from_on, to_on=scoring.to_on)
            .order_by("version"),
            "waiting": contests.filter(state="upheld").exists()
            and not Scoring.objects.filter(replaces=scoring).exists(),
            "entries": timeline.told(actor.county_id, [("scoring", scoring.pk)]) if whole else [],
            "trail": shown.trail(),
            "guessed": shown.guessed(scoring),
        },
    )


def groups(scheme: Scheme, rows: list[Scoresheet], *, links: bool = True) -> list[Ledger]:
    """Return a ranking for each group that has units, those without a place below."""
    by_group: dict[str, list[Scoresheet]] = defaultdict(list)
    for sheet in rows:
        by_group[sheet.group].append(sheet)
    return [
        Ledger(
            f"group-{g.code}",
            g.words,
            _ranking_columns(),
            tuple(_ranked(s, scheme.minimum_due, links) for s in sorted(by_group[g.code], key=_order)),
        )
        for g in scheme.groups
        if by_group[g.code]
    ]


def _order(sheet: Scoresheet) -> tuple[bool, int, str]:
    return sheet.place is None, sheet.place or 0, sheet.unit.code


def _ranking_columns() -> tuple[Column, ...]:
    return (
        Column("unit", Words("单位", "Unit")),
        Column("place", Words("名次", "Place"), "figure"),
        Column("score", Words("得分", "Score"), "figure"),
        Column("due", Words("应办", "Due"), "figure"),
        Column("on_time", Words("按期", "On time"), "figure"),
        Column("late", Words("逾期办结", "Done late"), "figure"),
        Column("overdue", Words("仍逾期", "Overdue"), "figure"),
        Column("returned", Words("退回", "Returned"), "figure"),
        Column("why", Words("说明", "Note")),
    )


def _ranked(sheet: Scoresheet, least: int, links: bool) -> Row:
    counts = sheet.result["counts"]
    kinds = ("done_on_time", "done_late", "overdue_now", "report_returned")
    few = "" if sheet.place is not None else Words(f"样本不足（至少{least}项）", f"too few items (at least {least})")
    cells = (
        sheet.unit.words,
        sheet.place if sheet.place is not None else "—",
        "—" if sheet.score is None else str(sheet.score),
        sheet.due,
        *(counts.get(k, 0) for k in kinds),
        few,
    )
    return Row(str(sheet.pk), cells, href=reverse("scoresheet", args=[sheet.pk]) if links else "")


def _acts(request: HttpRequest, scoring: Scoring) -> list[dict[str, Any]]:
    call = call_of(request, "look")
    offered = []
    for verb, (act, asks) in VERBS.items():
        outcome = act.check(call, scoring)
        if asking.actor_of(request).role in act.grants:
            url = reverse("scoring-act", args=[scoring.pk, verb])
            offered.append(
                {"words": act.words, "outcome": outcome, "url": url, "post": not asks, "primary": verb == "publish"}
            )
    return offered


def _contests(rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "contest": c,
            "unit": c.scoresheet.unit.words,
            "state": CONTEST_STATES[c.state],
            "url": reverse("contest", args=[c.pk]),
        }
        for c in rows.select_related("scoresheet__unit").order_by("pk")[:LIMIT]
    ]


CONTEST_STATES = {
    "filed": Words("待复核", "to be decided"),
    "upheld": Words("成立", "upheld"),
    "rejected": Words("不成立", "rejected"),
}


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, scoring_id: int, verb: str) -> HttpResponse:
    """Publish, run again, open to the public or shut."""
    if (stopped := asking.barred(request, SCORING)) is not None:
        return stopped
    scoring = found(request, scoring_id)
    if verb not in VERBS:
        raise Http404
    action, asks = VERBS[verb]
    back, after = reverse("scoring", args=[scoring.pk]), "/scores/{scoring}" if verb == "rerun" else ""
    return answer(
        request,
        Asked(
            action,
            scoring,
            reverse("scoring-act", args=[scoring.pk, verb]),
            {"scoring_id": scoring.pk},
            (REASON,) if asks else (),
            shown.name(scoring),
            shown.trail(scoring),
            back,
            after,
        ),
    )


@require_safe
def changes(request: HttpRequest, scoring_id: int) -> HttpResponse:
    """Show what a version changed against the one before: unit by unit, line by line, with why."""
    if (stopped := asking.barred(request, SCORING)) is not None:
        return stopped
    scoring, actor = found(request, scoring_id), asking.actor_of(request)
    before = (
        {}
        if scoring.replaces_id is None
        else {s.unit_id: s for s in sheets(actor).filter(scoring_id=scoring.replaces_id).select_related("unit")}
    )
    after = {s.unit_id: s for s in sheets(actor).filter(scoring=scoring).select_related("unit")}
    units = [c for pk in sorted({*before, *after}) if (c := changed(before.get(pk), after.get(pk))) is not None]
    return render(
        request,
        "scores/changes.html",
        {
            "title": Words("与上一版的差异", "What changed"),
            "kind": shown.name(scoring),
            "scoring": scoring,
            "units": units,
            "trail": shown.trail(scoring),
        },
    )


def changed(was: Scoresheet | None, now: Scoresheet | None) -> dict[str, Any] | None:
    """Return one unit's difference between two versions, None where nothing differs."""
    if was is not None and now is not None and was.digest == now.digest and was.place == now.place:
        return None
    texts = [json.loads(t) for s in (was, now) for t in ((s.facts, s.lines) if s is not None else ("[]", "[]"))]
    lines = [
        {
            "words": c.words,
            "was": shown.result(c.before) if c.before else None,
            "now": shown.result(c.after) if c.after else None,
            "why": c.why,
        }
        for c in difference.changes(*texts)
    ]
    unit: Any = (now or was).unit  # type: ignore[union-attr]
    return {"unit": unit.words, "was": was, "now": now, "lines": _changed_lines(lines)}


def _changed_lines(lines: list[dict[str, Any]]) -> Ledger:
    gone = Words("不在表中", "not on the sheet")
    columns = (
        Column("item", Words("事项", "Item")),
        Column("was", Words("上一版", "Before")),
        Column("now", Words("这一版", "Now")),
        Column("why", Words("原因", "Why")),
    )
    rows = []
    for n, line in enumerate(lines):
        why = Words("".join(w.zh for w in line["why"]), " ".join(w.en for w in line["why"]))
        rows.append(Row(str(n), (line["words"], line["was"] or gone, line["now"] or gone, why)))
    return Ledger(
        "changed",
        Words("逐项差异", "Line by line"),
        columns,
        tuple(rows),
        empty=Words("各项没有变化，只有名次随其他单位变动。", "No line changed, only the place among the others."),
        empty_hint=Words("", ""),
    )
