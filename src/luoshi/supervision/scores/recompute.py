"""Recompute scores from an open export, without Luoshi: ``python recompute.py scores.zip [UNIT]``.

Python 3.8 or later and its standard library, nothing else. UNIT is a unit's code as in results.csv; without it every
unit of the export is recomputed. The export holds scheme.json (weights and credits), calendar.csv (working days),
facts.json (one list per unit) and results.json (what was published). From the facts alone this works out, for each
item, whether it was on time after its excuses, and from the items the score.

Exit code 0: equal. 1: it differs, the first differing line of each unit is named. 2: not such an export.

The rules, in short. A duty was delivered on the day the approved report was handed in (or on the corrected day). Its
due day stands in the facts; each suspension moved it by the working days stopped, each extension to the day given. Of
the working days after the due day up to the delivery (or the end of the period), excused days are taken off: days a
report that was returned lay with the reviewer, days waited for another unit, days granted on a contest; no day twice,
none that a stop gave back. What is left is the lateness. A component earns credits ÷ items of its weight; weights of
components without items are shared; the sum is rounded once, half up, to two places.
"""

import csv
import io
import json
import sys
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

FORMAT = "luoshi-scores-1"
SILENT = {
    "left_out", "cancelled", "no_day", "not_due", "earlier", "under_review", "stopped", "waiting", "no_figure",
}  # fmt: skip
DAY = timedelta(days=1)


def to_day(text):
    return date.fromisoformat(text) if text else None


class Days:
    """The working days of the export's calendar."""

    def __init__(self, rows):
        self.working = {row["day"]: row["working"] == "1" for row in rows}

    def between(self, after, until):
        """Return the working days after ``after`` up to and with ``until``, as a set."""
        found, day = set(), after + DAY
        while day <= until:
            if self.working[day.isoformat()]:
                found.add(day)
            day += DAY
        return found

    def shifted(self, day, count):
        """Return the ``count``-th working day after a day."""
        while count:
            day += DAY
            count -= self.working[day.isoformat()]
        return day


def broken_moves(fact, days):
    """Return what is wrong with how the due day came about, or None."""
    at, stopped = fact["promised_on"], None
    for kind, on, before, after in fact["moves"]:
        if kind == "suspend":
            stopped = on
        if not before and not after:
            continue
        if before != at:
            return f"the day was {at} before it was moved, not {before}"
        if kind == "resume":
            count = len(days.between(to_day(stopped), to_day(on)))
            if days.shifted(to_day(before), count).isoformat() != after:
                return f"{count} stopped days do not lead from {before} to {after}"
        at = after
    return None if at == fact["due_on"] else "its moves lead to {}, not to {}".format(at, fact["due_on"])


def stopped_days(fact, until, days):
    found, since = set(), None
    for kind, on, _, _ in fact["moves"]:
        if kind == "suspend":
            since = to_day(on)
        elif kind == "resume" and since:
            found |= days.between(since, min(to_day(on), until))
            since = None
    return found | (days.between(since, until) if since else set())


def excused_count(fact, until, days):
    waited = set()
    for _, on, decision, decided in fact["reports"]:
        if decision == "returned":
            waited |= days.between(to_day(on), min(to_day(decided), until))
    for _, since, end, _ in fact["waits"]:
        waited |= days.between(to_day(since), min(to_day(end) or until, until))
    granted = sum(c["days"] for c in fact["corrections"] if c["kind"] == "excuse_days")
    return len(waited - stopped_days(fact, until, days)) + granted


def delivered_on(fact, end):
    day = to_day(fact["closed_on"]) if fact["state"] == "closed" else None
    for _, on, decision, _ in reversed(fact["reports"]):
        if decision == "approved":
            day = to_day(on)
    for c in fact["corrections"]:
        if c["kind"] == "done_on":
            day = to_day(c["on"])
    return day if day and day <= end else None


def duty(fact, start, end, days):
    """Return (result, working days late) of one duty."""
    due, done = to_day(fact["due_on"]), delivered_on(fact, end)
    if any(c["kind"] == "leave_out" for c in fact["corrections"]):
        return "left_out", 0
    if fact["state"] == "cancelled":
        return "cancelled", 0
    if due is None:
        return "no_day", 0
    if due > end:
        return "not_due", 0
    if due < start and done and done < start:
        return "earlier", 0
    until = done or end
    late = max(0, len(days.between(due, until)) - (excused_count(fact, until, days) if until > due else 0))
    if done:
        return ("done_late" if late else "done_on_time"), late
    if any(not decision and to_day(on) <= end for _, on, decision, _ in fact["reports"]):
        return "under_review", 0
    if fact["state"] == "suspended":
        return "stopped", 0
    return ("overdue_now" if late else "waiting"), late


def target(fact, end):
    if any(c["kind"] == "leave_out" for c in fact["corrections"]):
        return "left_out", 0
    if fact["reached"] is None or not fact["reached_on"] or to_day(fact["reached_on"]) > end:
        return "no_figure", 0
    a, b = Decimal(fact["reached"]), Decimal(fact["value"])
    met = {"<=": a <= b, "<": a < b, ">": a > b, "=": a == b, "==": a == b}.get(fact["op"], a >= b)
    return ("target_reached" if met else "target_missed"), 0


def check(fact, end):
    if any(c["kind"] == "leave_out" for c in fact["corrections"]):
        return "left_out", 0
    ends = [(by, on if on and to_day(on) <= end else None, on) for by, on in fact["faults"]]
    if any((to_day(whole) or end) > to_day(by) for by, _, whole in ends):
        return "check_faulty", 0
    return ("not_due" if any(on is None for _, on, _ in ends) else "check_sound"), 0


def result_of(fact, start, end, days):
    kind = fact["item"].split("-")[0]
    if kind == "duty":
        return duty(fact, start, end, days)
    if kind == "milestone":
        result, late = duty(fact, start, end, days)
        met = {"done_on_time": "target_reached", "done_late": "target_missed", "overdue_now": "target_missed"}
        return (met[result], 0) if result in met else (result, late)
    return target(fact, end) if kind == "target" else check(fact, end)


def counted(fact, result, late, end):
    """Return every (result, days late) that one item adds to the score."""
    if result in SILENT:
        return []
    found = [(result, late)]
    pardoned = {c["report"] for c in fact["corrections"] if c["kind"] == "pardon_return"}
    for number, on, decision, _ in fact.get("reports", ()):
        if decision and number not in pardoned and to_day(on) <= end:
            found.append(("report_" + decision, 0))
    return found


def credit_of(rule, late):
    if not isinstance(rule, list):
        return Fraction(str(rule))
    for step in rule:
        if step.get("up_to_days") is None or late <= step["up_to_days"]:
            return Fraction(str(step["credit"]))
    raise ValueError(f"no step for {late} days")


def total(results, scheme):
    """Return the score as text with two places, or None where nothing was counted."""
    earned = []
    for component in scheme["components"]:
        mine = [credit_of(component["credits"][r], late) for r, late in results if r in component["credits"]]
        if mine:
            earned.append((Fraction(str(component["weight"])), sum(mine) / len(mine)))
    if not earned:
        return None
    exact = 100 * sum(w * share for w, share in earned) / sum(w for w, _ in earned)
    cents = (exact * 200 + 1) // 2
    return f"{cents // 100}.{cents % 100:02d}"


def differences(unit, facts, said, scheme, period, days):
    """Yield what differs between the published lines and score of one unit and what the facts give."""
    start, end = period
    lines = {line["item"]: line for line in said["lines"]}
    results = []
    for fact in facts:
        item = fact["item"]
        try:
            wrong = broken_moves(fact, days) if "moves" in fact else None
            result, late = result_of(fact, start, end, days)
        except KeyError as missing:
            yield f"{unit} {item}: {missing} is missing from the fact or the calendar"
            lines.pop(item, None)
            continue
        if wrong:
            yield f"{unit} {item}: {wrong}"
        line = lines.pop(item, None)
        if line is None:
            yield f"{unit} {item}: it is in the facts, but no line was published"
        elif (line["result"], line["late_days"] if result in ("done_late", "overdue_now") else 0) != (result, late):
            said_line = f"published {line['result']} ({line['late_days']} days late)"
            yield f"{unit} {item}: {said_line}, recomputed {result} ({late})"
        results += counted(fact, result, late, end)
    for item in lines:
        yield f"{unit} {item}: a line was published that is not in the facts"
    score = total(results, scheme)
    if score != said["score"]:
        yield "{}: published score {}, recomputed {}".format(unit, said["score"], score)
    due = sum(r in ("done_on_time", "done_late", "overdue_now") for r, _ in results)
    if due != said["due"]:
        yield f"{unit}: published {said['due']} items due, recomputed {due}"


def places(units, least):
    """Return the place of each unit in its group, by score; too few items give none."""
    found = {}
    for code, said in units.items():
        enough = said["due"] >= least and said["score"] is not None
        rivals = [o for o in units.values() if o["group"] == said["group"] and o["due"] >= least and o["score"]]
        better = [o for o in rivals if enough and Decimal(o["score"]) > Decimal(said["score"])]
        found[code] = len(better) + 1 if enough else None
    return found


def read(path):
    with zipfile.ZipFile(path) as packed:
        said = json.loads(packed.read("results.json").decode("utf-8"))
        if said.get("format") != FORMAT:
            raise ValueError("unknown format")
        facts = json.loads(packed.read("facts.json").decode("utf-8"))
        scheme = json.loads(packed.read("scheme.json").decode("utf-8"))
        rows = list(csv.DictReader(io.StringIO(packed.read("calendar.csv").decode("utf-8-sig"))))
    return said, facts, scheme, Days(rows)


def main(path, only=None):
    try:
        said, facts, scheme, days = read(path)
        units = said["units"]
        if only is not None and only not in units:
            raise ValueError("no unit " + only)
        period = to_day(said["from_on"]), to_day(said["to_on"])
        faults = []
        for code in [only] if only else sorted(set(units) | set(facts)):
            if code not in units or code not in facts:
                faults.append(f"{code}: it has facts or results, but not both")
                continue
            found = list(differences(code, facts[code], units[code], scheme, period, days))
            faults += found[:1]
            print("{}: {}".format(code, "differs" if found else "equal, {}".format(units[code]["score"])))
        if said["whole"] and not faults:
            ranked = places(units, scheme["minimum_due"])
            faults += ["{}: published place {}, recomputed {}".format(c, u["place"], ranked[c])
                       for c, u in sorted(units.items()) if u["place"] != ranked[c]]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, zipfile.BadZipFile) as error:
        print(f"not an export of scores: {path}: {error!r}", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print("usage: python recompute.py scores.zip [UNIT]", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
