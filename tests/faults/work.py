"""What the children of a house do: fill a county, work in it as fast as they can, and check what stands."""

import contextlib
import datetime as dt
import io
import json
import os
import random
from pathlib import Path
from typing import Any

from django.db import connection
from PIL import Image

from luoshi.core.words import Words
from luoshi.office import door
from luoshi.office.actions import ACTIONS, Call, perform
from luoshi.office.duties import verbs
from luoshi.office.duties.tick import tick
from luoshi.office.evidence import intake
from luoshi.office.journal import seals
from luoshi.office.journal.models import Entry
from luoshi.office.notices import outbox
from luoshi.office.people.models import Appointment, County, Place, Unit
from luoshi.office.plans.models import Plan
from luoshi.supervision.models import Assignment, Report
from tests.supervision import small_county
from tests.supervision.small_county import NOW, TODAY, Small

UNITS = ("market", "health", "police")


def migrate() -> None:
    """Prepare the database."""
    from django.core.management import call_command

    with door.opened("migrate"):
        call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def command(arguments: list[str]) -> dict[str, Any]:
    """Run ``luoshi …`` and return its exit code and what it printed."""
    from luoshi import cli

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.main(arguments)
        except SystemExit as stopped:
            code = int(stopped.code or 0)
    return {"code": code, "stdout": out.getvalue(), "stderr": err.getvalue()}


def fill(code: str, shares: int = 20, due: int = 40) -> dict[str, int]:
    """Make a county with shares to work on and duties whose days lie ahead, one after the other."""
    small = small_county.make(code)
    for n in range(shares):
        small.task(units=((UNITS[n % 2], "responsible"),))
    openings = [
        verbs.Opening(
            small.county.pk, small.units["police"].pk, Words(f"事项{n}", f"Item {n}"), "task", n,
            TODAY + dt.timedelta(days=n % 60),
        )
        for n in range(due)
    ]  # fmt: skip
    with door.opened("fixture"):
        verbs.open_duties(openings, TODAY)
    return {"county": small.county.pk}


def found(code: str) -> Small:
    """Return the county that another process filled."""
    county = County.objects.get(code=code)
    small = Small(county, {u.code: u for u in Unit.objects.filter(county=county)})
    small.places = {p.code: p for p in Place.objects.filter(county=county)}
    rows = Appointment.objects.filter(county=county).select_related("post__unit__place", "post__place")
    small.seats = {f"{a.post.unit.code}.{a.post.role}": a for a in rows}
    small.plan = Plan.objects.get(county=county)
    return small


def ask(small: Small, action: str, seat: str, request_id: str, given: dict[str, Any], days: int = 0) -> dict[str, Any]:
    """Ask one action and return its answer as plain data. A file's ``receipt`` is made on the way."""
    call = Call(small.actor(seat), NOW + dt.timedelta(days=days), request_id)
    if action == "evidence.store":
        data = picture(given["seed"])
        given = {"receipt": intake.take_in(call.actor, call.now, f"{given['seed']}.jpg", [data])}
    result = perform(ACTIONS[action], call, given)
    return result.as_json()


def picture(seed: int) -> bytes:
    """Return a small picture, another one for each seed."""
    out = io.BytesIO()
    chance = random.Random(seed)
    image = Image.new("RGB", (32, 24), tuple(chance.randrange(256) for _ in range(3)))
    image.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(32 * 24)])
    image.save(out, "JPEG")
    return out.getvalue()


def work(code: str, life: str, ledger: str, seed: int) -> None:
    """Act until killed. Each request is noted before it is asked and again when its answer came."""
    small, chance = found(code), random.Random(seed)
    notes = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    files: list[int] = []
    parent = os.getppid()
    for n in range(1_000_000):
        if os.getppid() != parent:
            return  # the test itself is gone
        action, seat, given = _next(small, chance, f"{life}:{n}", files)
        days = chance.randrange(3)
        if action == "round":
            tick(NOW + dt.timedelta(days=n % 80))
            outbox.deliver(NOW + dt.timedelta(days=n % 80 + 7))
            seals.seal_now(NOW)
            continue
        asked = {"id": f"{life}:{n}", "action": action, "seat": seat, "given": given, "days": days}
        os.write(notes, (json.dumps({"asked": asked}) + "\n").encode())
        answer = ask(small, action, seat, asked["id"], given, days)
        os.write(notes, (json.dumps({"answered": asked["id"], "answer": answer}) + "\n").encode())
        if action == "evidence.store":
            files.append(answer["values"]["file"])


def _next(small: Small, chance: random.Random, name: str, files: list[int]) -> tuple[str, str, dict[str, Any]]:
    """Choose what to do next: work on a share as it stands now, an upload, or a round of the server."""
    turn = chance.random()
    if turn < 0.1:
        return "round", "", {}
    if turn < 0.3:
        return "evidence.store", "market.officer", {"seed": chance.randrange(10**9)}
    rows = Assignment.objects.filter(county=small.county, unit__code__in=UNITS).select_related("unit").order_by("pk")
    share = chance.choice(list(rows))
    seat, about = f"{share.unit.code}.officer", {"assignment_id": share.pk}
    if turn < 0.4:
        other = small.units[chance.choice(UNITS)].pk
        return "assignment.hand_over", "office.supervisor", {**about, "unit_id": other, "reason": f"移交 {name}"}
    if share.state == "reported":
        report = Report.objects.filter(assignment=share, decision="").order_by("-pk").first()
        if report is not None:
            again = {"report_id": report.pk, "reason": f"退回 {name}"}
            return "assignment.review_return", "office.supervisor", again
    verb = {"assigned": "accept", "accepted": "start", "returned": "start"}.get(share.state)
    if verb and chance.random() < 0.9:
        return f"assignment.{verb}", seat, about
    words = {**about, "text": f"报告 {name}", "files": files[-2:] if seat == "market.officer" else []}
    if chance.random() < 0.3:
        return "assignment.report_done", seat, words
    return "assignment.report_progress", seat, {**words, "percent": chance.randrange(100)}


def settle(code: str, ledger: str) -> dict[str, int]:
    """Check every request of a ledger after its worker died: answered ones stand once, the one in flight acts once."""
    small = found(code)
    lines = [json.loads(line) for line in Path(ledger).read_text("utf-8").splitlines() if line.endswith("}")]
    asked = {line["asked"]["id"]: line["asked"] for line in lines if "asked" in line}
    answered = {line["answered"]: line["answer"] for line in lines if "answered" in line}
    for request_id, answer in answered.items():
        entries = Entry.objects.filter(county=small.county, request_id=request_id)
        assert entries.count() == 1, f"{request_id} was acknowledged and has {entries.count()} entries"
        again = _again(small, asked[request_id])
        assert again["replayed"] and again["entry"] == answer["entry"], request_id
        assert (again["outcome"], again["values"]) == (answer["outcome"], answer["values"]), request_id
    for request_id in asked.keys() - answered.keys():
        first, second = (_again(small, asked[request_id]) for _ in range(2))
        assert second["replayed"] and second["entry"] == first["entry"], request_id
    return {"answered": len(answered), "in_flight": len(asked) - len(answered)}


def _again(small: Small, asked: dict[str, Any]) -> dict[str, Any]:
    return ask(small, asked["action"], asked["seat"], asked["id"], asked["given"], asked["days"])


def check(code: str) -> dict[str, Any]:
    """Check the whole county against its journal: what stands is what was journalled, once; files and seals are whole."""
    from tests.faults import standing

    return standing.check(found(code))
