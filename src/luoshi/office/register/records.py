"""What the register files hold, as frozen records. Days are ``datetime.date``; codes and keys are stable ASCII."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from luoshi.core.words import Words

Status = Literal["enforced", "tracked", "recorded", "shown", "not_for_software"]
Mode = Literal["single", "lead_support", "joint", "by_duty", "none"]
DeadlineKind = Literal["until", "recurring", "ongoing", "relative", "none"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One checkable clause of a published text. ``actor``, ``lead``, ``support`` are names as the register prints
    them; ``values`` are the figures and lists the clause states; ``software`` is what software must do for it."""

    id: str
    subject: str
    section: str
    kind: str
    actor: tuple[str, ...]
    says: str
    zh: str
    software: str
    values: Mapping[str, Any]
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """All clauses of one subject, in printed order, by id."""

    subject: str
    clauses: Mapping[str, Clause]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due. ``until``: that day, then ``then`` (``ongoing`` or nothing). ``recurring``: ``every``
    (``week|month|quarter|half_year|year``, or nothing when the text sets no interval) on ``days`` of the month.
    ``relative``: within ``allowance`` ``unit`` (``days|working_days|minutes``) after ``event``; no allowance means
    that the text gives only a word (``words``)."""

    kind: DeadlineKind
    until: date | None = None
    then: str | None = None
    every: str | None = None
    days: tuple[int, ...] = ()
    event: str | None = None
    allowance: int | None = None
    unit: str | None = None
    clause: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A measurable aim: ``metric op value unit``. ``value`` is nothing where the text names no figure."""

    metric: str
    op: str
    value: Any
    unit: str | None
    clause: str
    words: Words
    until: date | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Clauses of a task that fall on other units than the task itself."""

    clauses: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """What a plan gives to units. ``kind``: ``block`` (a printed responsibility block), ``general`` (work that the
    text gives outside such blocks) or ``duty`` (recurring or triggered work; ``parent`` names its task).
    ``lead`` are units marked 牵头, ``support`` the other units of a task with a lead, ``responsible`` the units of a
    task that names no lead. ``mode`` is ``none`` where the text names nobody."""

    code: str
    kind: str
    heading: Words
    clauses: tuple[str, ...]
    mode: Mode
    deadline: Deadline
    number: str | None = None
    sub: str | None = None
    area: str | None = None
    parent: str | None = None
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    open_ended: bool = False
    by_duty: bool = False
    targets: tuple[Target, ...] = ()
    parts: tuple[Part, ...] = ()
    phase: str | None = None
    levels: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """All unit codes the task names, each once: leads, support, responsible."""
        return tuple(dict.fromkeys(self.lead + self.support + self.responsible))


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase of the plan. ``line`` names the sequence it belongs to; either day may be open."""

    code: str
    line: str
    order: int
    heading: Words
    clauses: tuple[str, ...]
    owners: tuple[str, ...]
    from_on: date | None = None
    until_on: date | None = None
    gates: tuple[Words, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a leading body, held by a post of ``units``; never a person's name."""

    code: str
    order: int
    role: str
    units: tuple[str, ...]
    post: str
    clause: str
    role_printed: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A leading group, office or headquarters with its seats."""

    code: str
    unit: str
    heading: Words
    clauses: tuple[str, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Something that units report, publish or submit: who, to whom, when."""

    code: str
    heading: Words
    clauses: tuple[str, ...]
    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    deadline: Deadline
    to_words: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A heading of the plan that groups tasks."""

    code: str
    heading: Words
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanData:
    """A published plan as data. ``leading`` is the unit that leads it where that is neither the unit of its first group
    nor the issuer."""

    code: str
    subject: str
    county: str
    title: Words
    issuer: str
    leading: str | None
    issued_on: date
    effective_on: date
    doc_no: str | None
    disclosure: str | None
    clauses: tuple[str, ...]
    areas: tuple[Area, ...] = ()
    tasks: tuple[Task, ...] = ()
    stages: tuple[Stage, ...] = ()
    groups: tuple[Group, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def blocks(self) -> tuple[Task, ...]:
        """The printed responsibility blocks."""
        return tuple(task for task in self.tasks if task.kind == "block")

    @property
    def duties(self) -> tuple[Task, ...]:
        """Recurring and triggered duties."""
        return tuple(task for task in self.tasks if task.kind == "duty")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value in force from a day on. It rests on one of: a clause (and the ``path`` of the figure in the clause's
    values), a recorded reading, or a law named in ``law``."""

    key: str
    value: Any
    unit: str | None
    from_on: date
    words: Words
    clause: str | None = None
    path: tuple[str | int, ...] = ()
    reading: str | None = None
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A doubt in a text and how this system reads it. ``role`` of ``unit`` may overrule it; ``values`` are the keys of
    the dated values that carry the reading or that it bears on."""

    id: str
    subject: str
    where: str
    clauses: tuple[str, ...]
    doubt: Words
    reading: Words
    role: str
    unit: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name in use between two days (both included, open where nothing is known)."""

    zh: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, a set of units, or a class of parties. ``members`` resolve a set; ``open`` marks a set that the text
    leaves open. ``local_aliases`` are names that mean this unit only inside one subject's text."""

    code: str
    county: str
    kind: str
    short: str
    name: Words
    aliases: tuple[str, ...] = ()
    local_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[DatedName, ...] = ()
    parent: str | None = None
    members: tuple[str, ...] = ()
    open: bool = False
    name_printed: bool = True
    sources: tuple[str, ...] = ()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A county, town or village. ``generated`` marks places that exist only for demonstration."""

    code: str
    county: str
    kind: str
    name: Words
    parent: str | None = None
    unit: str | None = None
    official_code: str | None = None
    generated: bool = False


@dataclass(frozen=True, slots=True)
class County:
    """One county folder: its units and places."""

    code: str
    name: Words
    official_code: str | None
    units: Mapping[str, Unit]
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Cover:
    """What is done for one clause: the status and where (dotted names, task codes, data places or route names)."""

    clause: str
    status: Status
    where: tuple[str, ...] = ()
    reason: Words | None = None
