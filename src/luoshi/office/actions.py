"""The one door. Pages, API, commands, imports, tick and telemetry all change the county through ``perform``.

An action is declared with ``@action``. One call is one transaction: the request id is looked up first (the same
request again returns the first outcome), the subject is locked and loaded, access is checked, the pure decision is
asked, and only then rows, duties and the journal entry are written together. A refusal writes nothing but itself.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from django.db import DataError, IntegrityError, OperationalError, transaction
from pydantic import BaseModel, ConfigDict, ValidationError

from luoshi.core import seal
from luoshi.core.outcome import Granted, Needs, Outcome, Reason, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import access, door, given_values
from luoshi.office.access import Actor, Grants, Where
from luoshi.office.faults import as_problem
from luoshi.office.journal import append as journal

log = structlog.get_logger("luoshi.actions")


class Inputs(BaseModel):
    """What an action is given, beyond who asks. Unknown names are refused, text is stripped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    takes_any_text: ClassVar[bool] = False
    """Set by an action that keeps a text as it came and itself takes care of what no database keeps."""
    keeps_no_sender: ClassVar[bool] = False
    """Set by an action that nobody shall be found by: it runs and is written down as the public, without an address."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks, when, under which request id, through which door."""

    actor: Actor
    now: dt.datetime
    request_id: str
    channel: str = "web"
    address: str = ""

    def __post_init__(self) -> None:
        assert self.now.tzinfo is not None, "moments carry their zone"

    @property
    def today(self) -> dt.date:
        """The county's date at ``now``."""
        return self.now.astimezone(COUNTY_ZONE).date()


COUNTY_ZONE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Done:
    """What a granted action reports back to the door, which writes it to the journal.

    ``subject_id`` is given by an action that made its subject. ``facts`` are those the decision used.
    """

    summary: Words
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
    subject_id: object = None


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of the door. ``replayed``: this request had been answered before."""

    outcome: Outcome
    entry_id: int
    replayed: bool = False

    @property
    def values(self) -> Mapping[str, Any]:
        """What a granted action made or worked out, by name."""
        return self.outcome.values if isinstance(self.outcome, Granted) else {}

    def as_json(self) -> dict[str, Any]:
        """Return the answer as the API gives it."""
        return {
            "outcome": self.outcome.verdict,
            "reasons": [r.as_json() for r in self.outcome.reasons],
            "values": dict(self.values),
            "entry": self.entry_id,
            "replayed": self.replayed,
        }


S = TypeVar("S")
I = TypeVar("I", bound=Inputs)  # noqa: E741 - the usual letter for inputs beside S for subject
Decision = Done | Refused | Needs


@dataclass(frozen=True, slots=True)
class Action(Generic[S, I]):
    """One verb: its grants, how its subject is loaded and locked, what stands against it, what it does."""

    name: str
    words: Words
    subject: str
    grants: Grants
    inputs: type[I]
    load: Callable[[Call, I], S]
    where: Callable[[S], Where]
    run: Callable[[Call, S, I], Decision]
    why_not: Callable[[Call, S], Outcome] | None = None
    clauses: tuple[str, ...] = ()

    def check(self, call: Call, subject: S) -> Outcome:
        """Answer, without writing, whether this actor could do this now; a page greys out a button with the reason."""
        allowed = access.may(call.actor, self.grants, self.where(subject))
        if not allowed or self.why_not is None:
            return allowed
        return self.why_not(call, subject)

    def __call__(self, call: Call, **given: Any) -> Result:
        return perform(self, call, given)


ACTIONS: dict[str, Action[Any, Any]] = {}


def action(
    name: str,
    words: Words,
    *,
    subject: str,
    grants: Grants,
    inputs: type[I],
    load: Callable[[Call, I], S],
    where: Callable[[S], Where],
    why_not: Callable[[Call, S], Outcome] | None = None,
    clauses: tuple[str, ...] = (),
) -> Callable[[Callable[[Call, S, I], Decision]], Action[S, I]]:
    """Declare an action; the decorated function decides and writes, and returns ``Done``, ``Refused`` or ``Needs``."""

    def declare(run: Callable[[Call, S, I], Decision]) -> Action[S, I]:
        assert name not in ACTIONS, f"action declared twice: {name}"
        made = Action(name, words, subject, grants, inputs, load, where, run, why_not, clauses)
        ACTIONS[name] = made
        return made

    return declare


class _NotDone(Exception):
    """Carries a refusal out of the transaction, so that nothing the action wrote remains."""

    def __init__(self, outcome: Refused | Needs, subject_id: str) -> None:
        self.outcome = outcome
        self.subject_id = subject_id


def perform(act: Action[Any, Any], call: Call, given: Mapping[str, Any]) -> Result:
    """Run one action for one request and return its outcome; raise ``Problem`` for bad input."""
    inputs = read_inputs(act, given)
    if inputs.keeps_no_sender:
        call = replace(call, actor=Actor(call.actor.county_id, "public"), address="")
    digest = _inputs_digest(act, call, inputs)
    with door.opened(act.name):
        try:
            return _tried(act, call, inputs, digest)
        except (IntegrityError, OperationalError) as fault:
            # Somebody wrote between our look and our lock: two copies of one request, the next number of a report, a
            # deadlock that ended with us. Nothing of ours stands; once more, from what stands now.
            if not isinstance(fault, IntegrityError) and "deadlock" not in str(fault).lower():
                raise as_problem(fault) from fault
        except OSError as fault:
            raise as_problem(fault) from fault
        try:
            return _tried(act, call, inputs, digest)
        except (IntegrityError, OperationalError, OSError) as fault:
            raise as_problem(fault) from fault


def _tried(act: Action[Any, Any], call: Call, inputs: Inputs, digest: str) -> Result:
    try:
        with transaction.atomic():
            return _answer(act, call, inputs, digest)
    except _NotDone as refused:
        return _record_refusal(act, call, digest, refused)
    except DataError as fault:
        raise as_problem(fault) from fault


def read_inputs(act: Action[Any, I], given: Mapping[str, Any]) -> I:
    """Check what was given against the action's inputs; the first fault becomes a ``Problem`` naming its field."""
    try:
        inputs = act.inputs.model_validate(dict(given))
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or act.name
        raise Problem(
            place,
            Words(f"“{act.words.zh}”的这一项不合要求：{first['msg']}。", f"{act.words.en}: {first['msg']}."),
            Words("请改正后重新提交。", "Correct it and send it again."),
            status=422,
        ) from fault
    if not act.inputs.takes_any_text:
        given_values.check(inputs)
    return inputs


def _inputs_digest(act: Action[Any, Any], call: Call, inputs: Inputs) -> str:
    return seal.digest(
        seal.canonical([act.name, call.actor.as_json(), inputs.model_dump(mode="json")]), journal.ALGORITHM
    )


def _answer(act: Action[Any, Any], call: Call, inputs: Inputs, digest: str) -> Result:
    earlier = _earlier(act, call, digest)
    if earlier is not None:
        return earlier
    subject = act.load(call, inputs)
    subject_id = str(getattr(subject, "pk", "") or "")
    stands = act.check(call, subject)
    decision: Decision = stands if isinstance(stands, Refused | Needs) else act.run(call, subject, inputs)
    if not isinstance(decision, Done):
        raise _NotDone(decision, subject_id)
    outcome = Granted(values=decision.values)
    if decision.subject_id is not None:
        subject_id = str(decision.subject_id)
    detail = {
        "summary": decision.summary.as_json(),
        "clauses": list(act.clauses + decision.clauses),
        "facts": decision.facts,
        "before": decision.before,
        "after": decision.after,
        "values": decision.values,
    }
    return Result(outcome, journal.append(_line(act, call, digest, subject_id, outcome.verdict, detail)))


def _record_refusal(act: Action[Any, Any], call: Call, digest: str, refused: _NotDone) -> Result:
    detail = {"summary": act.words.as_json(), "reasons": [r.as_json() for r in refused.outcome.reasons]}
    line = _line(act, call, digest, refused.subject_id, refused.outcome.verdict, detail)
    with transaction.atomic():
        earlier = _earlier(act, call, digest)
        return earlier or Result(refused.outcome, journal.append(line))


def _line(
    act: Action[Any, Any], call: Call, digest: str, subject_id: str, verdict: str, detail: dict[str, Any]
) -> journal.Line:
    actor = {**call.actor.as_json(), "channel": call.channel, "address": call.address}
    return journal.Line(
        call.actor.county_id, call.now, act.name, call.actor.account_id, call.actor.unit_id, actor,
        act.subject, subject_id, verdict, call.request_id, digest, detail,
    )  # fmt: skip


def _earlier(act: Action[Any, Any], call: Call, digest: str) -> Result | None:
    found = journal.find(call.actor.county_id, call.request_id)
    if found is None:
        return None
    entry_id, name, inputs_digest, content = found
    if (name, inputs_digest) != (act.name, digest):
        raise Problem(
            "request_id",
            Words("这个请求编号已用于另一项操作。", "This request id was used for another request."),
            Words("请刷新页面后再提交。", "Reload the page and send it again."),
            status=409,
        )
    return Result(_outcome_of(content), entry_id, replayed=True)


def _outcome_of(content: dict[str, Any]) -> Outcome:
    if content["outcome"] == "granted":
        return Granted(values=content.get("values", {}))
    reasons = tuple(
        Reason(
            r["code"],
            Words(**r["words"]),
            Words(**r["remedy"]) if r["remedy"] else None,
            tuple(r["clauses"]),
            r["facts"],
        )
        for r in content["reasons"]
    )
    return Refused(reasons) if content["outcome"] == "refused" else Needs(reasons)
