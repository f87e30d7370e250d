"""The sentences of a draft, from facts. The same facts give the same words. Pure."""

import datetime as dt
from collections.abc import Sequence

from luoshi.core.words import Words
from luoshi.supervision.reporting.facts import Facts, Made, PlanFacts, Share
from luoshi.supervision.stages import STAGES

NAMED = 6
"""How many tasks a sentence names before it only counts the others."""


def day(on: dt.date) -> Words:
    """Return a day as sentences write it."""
    return Words(f"{on.year}年{on.month}月{on.day}日", f"{on.day} {on:%B} {on.year}")


def short_day(on: dt.date) -> Words:
    """Return a day without its year."""
    return Words(f"{on.month}月{on.day}日", f"{on.day} {on:%B}")


def named(labels: Sequence[Words]) -> Words:
    """Return a list of names, at most ``NAMED`` of them, and how many more there are."""
    shown, rest = labels[:NAMED], len(labels) - NAMED
    zh = "；".join(label.zh for label in shown) + (f"；另有{rest}项" if rest > 0 else "")
    en = "; ".join(label.en for label in shown) + (f"; and {rest} more" if rest > 0 else "")
    return Words(zh, en)


def joined(parts: Sequence[Words]) -> Words:
    """Return sentences one after the other."""
    return Words("".join(p.zh for p in parts), " ".join(p.en for p in parts))


def summary(facts: Facts, from_on: dt.date, to_on: dt.date) -> Words:
    """Return what the unit's work came to: by state, in the period, what is late."""
    shares, today = facts.shares, facts.today
    done = sum(s.settled for s in shares)
    stopped = sum(s.state == "suspended" for s in shares)
    late = [s for s in shares if s.late(today)]
    on = day(today)
    parts = [Words(
        f"截至{on.zh}，本单位承担本方案任务{len(shares)}项，已办结{done}项，在办{len(shares) - done - stopped}项"
        + (f"，中止{stopped}项" if stopped else "") + "。",
        f"As of {on.en} the unit has {len(shares)} tasks of this plan: {done} done, "
        f"{len(shares) - done - stopped} in hand{f', {stopped} suspended' if stopped else ''}.",
    )]  # fmt: skip
    parts += _in_period(facts, from_on, to_on)
    if late:
        parts.append(_late(late))
    else:
        parts.append(Words("没有逾期事项。", "Nothing is late."))
    return joined(parts)


def _in_period(facts: Facts, from_on: dt.date, to_on: dt.date) -> list[Words]:
    first, last = short_day(from_on), short_day(to_on)
    met = sum(d.closed_on is not None and d.closed_on <= d.due_on for d in facts.dues)
    made = [m for m in facts.made if m.on >= from_on]
    files = sum(m.files for m in made)
    finished = sum(bool(s.done_on and from_on <= s.done_on <= to_on) for s in facts.shares)
    said = Words(
        f"本期（{first.zh}至{last.zh}）办结{finished}项，报告进展{len(made)}次，提交证明材料{files}件",
        f"In this period ({first.en} to {last.en}): {finished} done, {len(made)} reports, {files} files of evidence",
    )
    if not facts.dues:
        return [Words(f"{said.zh}，没有到期事项。", f"{said.en}, nothing fell due.")]
    n = len(facts.dues)
    return [Words(f"{said.zh}；到期{n}项，按期办结{met}项。", f"{said.en}; {n} fell due, {met} done on time.")]


def _late(shares: Sequence[Share]) -> Words:
    labels = [_with_day(s) for s in shares]
    all_of = named(labels)
    return Words(f"逾期{len(shares)}项：{all_of.zh}。", f"{len(shares)} late: {all_of.en}.")


def _with_day(share: Share) -> Words:
    assert share.due_on is not None, "what is late has a day"
    on = short_day(share.due_on)
    return Words(f"{share.label.zh}（应于{on.zh}完成）", f"{share.label.en} (due {on.en})")


def late(facts: Facts) -> Words:
    """Return what of the unit's work is late."""
    behind = [s for s in facts.shares if s.late(facts.today)]
    return _late(behind) if behind else Words("没有逾期事项。", "Nothing is late.")


def ahead(facts: Facts, until: dt.date) -> Words:
    """Return what falls due from today until a day."""
    coming = [s for s in facts.shares if not s.settled and s.due_on and facts.today <= s.due_on <= until]
    last = short_day(until)
    if not coming:
        return Words(f"{last.zh}前没有到期任务，按方案持续推进。", f"Nothing falls due by {last.en}; the work goes on.")
    labels = named([_by(s) for s in sorted(coming, key=lambda s: (s.due_on or until, s.id))])
    return Words(f"{last.zh}前应完成{len(coming)}项：{labels.zh}。", f"{len(coming)} due by {last.en}: {labels.en}.")


def _by(share: Share) -> Words:
    on = short_day(share.due_on or dt.date.max)
    return Words(f"{share.label.zh}（{on.zh}）", f"{share.label.en} ({on.en})")


def progress(share: Share, made: Sequence[Made], from_on: dt.date, today: dt.date) -> Words:
    """Return how a share went in the period: the unit's own last words where it reported, else what the record says."""
    within = [m for m in made if m.on >= from_on]
    if within:
        last = within[-1]
        on = short_day(last.on)
        return Words(f"{on.zh}：{last.text}", f"{on.en}: {last.text}")
    if share.settled and share.done_on:
        on = short_day(share.done_on)
        return Words(f"已于{on.zh}办结。", f"Done on {on.en}.")
    if share.state == "suspended":
        return Words("已中止，等待恢复。", "Suspended, waiting to resume.")
    if made:
        on = short_day(made[-1].on)
        return Words(
            f"本期没有新报告；{on.zh}报告完成{made[-1].percent}%。",
            f"Nothing new in this period; {made[-1].percent}% was reported on {on.en}.",
        )
    if share.state == "assigned":
        return Words("已交办，尚未签收。", "Assigned, not yet accepted.")
    return Words("已签收，尚未报告进展。", "Accepted, no progress reported yet.")


def following(share: Share, today: dt.date) -> Words:
    """Return what comes next on a share, and by when."""
    moves = [m for m in STAGES.moves_from(share.state) if m.to is not None and STAGES.owner(share.state) in m.roles]
    if share.settled or not moves:
        return Words("无", "Nothing")
    verb = moves[-1].words if share.state in ("in_progress", "returned") else moves[0].words
    if share.due_on is None:
        return Words(f"{verb.zh}（长期任务，没有固定期限）", f"{verb.en} (ongoing, no fixed day)")
    on = short_day(share.due_on)
    if share.due_on < today:
        return Words(f"{verb.zh}（已过{on.zh}的期限）", f"{verb.en} (was due {on.en})")
    return Words(f"{on.zh}前{verb.zh}", f"{verb.en} by {on.en}")


def plan_summary(facts: PlanFacts) -> Words:
    """Return what the whole plan came to."""
    total = sum(facts.tasks.values())
    done = facts.tasks.get("done", 0) + facts.tasks.get("closed", 0)
    stopped, on = facts.tasks.get("suspended", 0), day(facts.today)
    parts = [Words(
        f"截至{on.zh}，本方案共有任务{total}项，已办结{done}项，在办{total - done - stopped}项"
        + (f"，中止{stopped}项" if stopped else "") + "。",
        f"As of {on.en} the plan has {total} tasks: {done} done, {total - done - stopped} in hand"
        f"{f', {stopped} suspended' if stopped else ''}.",
    )]  # fmt: skip
    if facts.targets:
        parts.append(Words(
            f"有数值的目标{facts.targets}个，已登记达到{facts.reached}个。",
            f"Of {facts.targets} targets with a number, {facts.reached} are recorded as reached.",
        ))  # fmt: skip
    return joined([*parts, plan_late(facts)])


def plan_late(facts: PlanFacts) -> Words:
    """Return which tasks of the plan are late and whose they are."""
    if not facts.late:
        return Words("没有逾期任务。", "No task is late.")
    labels = named([
        Words(f"{words.zh}（{units}，应于{short_day(due).zh}完成）", f"{words.en} ({units}, due {short_day(due).en})")
        for words, units, due in facts.late
    ])  # fmt: skip
    return Words(f"逾期任务{len(facts.late)}项：{labels.zh}。", f"{len(facts.late)} tasks are late: {labels.en}.")
