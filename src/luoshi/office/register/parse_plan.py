"""Plan files: from entries to tasks, stages, groups and reports."""

from typing import cast, get_args

from luoshi.core.words import Words
from luoshi.office.register.files import Entry
from luoshi.office.register.records import (
    Area,
    Deadline,
    DeadlineKind,
    Group,
    Mode,
    Part,
    PlanData,
    Report,
    Seat,
    Stage,
    Target,
    Task,
)

_TASK_FIELDS = (
    "code kind number sub area parent heading clauses mode lead support responsible open_ended by_duty "
    "deadline targets parts phase levels"
)


def deadline(entry: Entry) -> Deadline:
    """A deadline; each kind carries the fields it needs."""
    entry.only("kind until then every days event allowance unit clause words")
    kind = cast(DeadlineKind, entry.one_of("kind", *get_args(DeadlineKind)))
    days = entry.data.get("days", [])
    if not isinstance(days, list) or not all(isinstance(day, int) and 1 <= day <= 31 for day in days):
        raise entry.problem("days 应为 1 至 31 的日号列表。", "days must list days of the month, 1 to 31.", "days")
    if kind == "until" and entry.maybe_day("until") is None:
        raise entry.problem("until 类时限缺少日期。", "A deadline of kind until needs its day.", "kind")
    if kind == "relative" and entry.maybe_text("event") is None:
        raise entry.problem("relative 类时限缺少起算事件。", "A relative deadline needs its event.", "kind")
    if kind == "recurring" and entry.maybe_text("every") is None and entry.maybe_text("words") is None:
        raise entry.problem("recurring 类时限缺少周期。", "A recurring deadline needs its interval or words.", "kind")
    return Deadline(
        kind=kind,
        until=entry.maybe_day("until"),
        then=entry.maybe_text("then"),
        every=entry.maybe_text("every"),
        days=tuple(days),
        event=entry.maybe_text("event"),
        allowance=entry.maybe_int("allowance"),
        unit=entry.maybe_text("unit"),
        clause=entry.maybe_text("clause"),
        words=entry.maybe_text("words"),
    )


def target(entry: Entry) -> Target:
    """A measurable aim."""
    entry.only("metric op value unit clause words until per")
    return Target(
        metric=entry.text("metric"),
        op=entry.one_of("op", "==", ">=", "<=", ">", "<", "increase", "decrease", "reach"),
        value=entry.data.get("value"),
        unit=entry.maybe_text("unit"),
        clause=entry.text("clause"),
        words=entry.words("words"),
        until=entry.maybe_day("until"),
        per=entry.maybe_text("per"),
    )


def _parts(entry: Entry) -> tuple[Part, ...]:
    return tuple(Part(part.texts("clauses"), part.texts("units")) for part in entry.entries("parts"))


def task(entry: Entry) -> Task:
    """A block, a general task or a duty."""
    entry.only(_TASK_FIELDS)
    mode = cast(Mode, entry.one_of("mode", *get_args(Mode)))
    lead, responsible = entry.texts("lead"), entry.texts("responsible")
    if mode == "lead_support" and (not lead or responsible):
        raise entry.problem(
            "lead_support 须有牵头单位，且不得另列 responsible。",
            "lead_support needs a lead and takes no responsible units.",
            "mode",
        )
    if mode in ("single", "joint", "by_duty") and (lead or not responsible):
        raise entry.problem(
            f"{mode} 须有 responsible 单位且无牵头单位。", f"{mode} needs responsible units and takes no lead.", "mode"
        )
    return Task(
        code=entry.text("code"),
        kind=entry.one_of("kind", "block", "general", "duty"),
        heading=entry.words("heading"),
        clauses=entry.texts("clauses"),
        mode=mode,
        deadline=deadline(entry.below("deadline")),
        number=entry.maybe_text("number"),
        sub=entry.maybe_text("sub"),
        area=entry.maybe_text("area"),
        parent=entry.maybe_text("parent"),
        lead=lead,
        support=entry.texts("support"),
        responsible=responsible,
        open_ended=entry.flag("open_ended"),
        by_duty=entry.flag("by_duty"),
        targets=tuple(target(item) for item in entry.entries("targets")),
        parts=_parts(entry),
        phase=entry.maybe_text("phase"),
        levels=entry.texts("levels"),
    )


def stage(entry: Entry) -> Stage:
    """A phase of the plan."""
    entry.only("code line order heading clauses owners from until gates parts")
    from_on, until_on = entry.maybe_day("from"), entry.maybe_day("until")
    if from_on and until_on and until_on < from_on:
        raise entry.problem("阶段的结束日早于开始日。", "The stage ends before it begins.", "until")
    return Stage(
        code=entry.text("code"),
        line=entry.text("line"),
        order=entry.maybe_int("order") or 0,
        heading=entry.words("heading"),
        clauses=entry.texts("clauses"),
        owners=entry.texts("owners"),
        from_on=from_on,
        until_on=until_on,
        gates=tuple(Words(gate.text("zh"), gate.text("en")) for gate in entry.entries("gates")),
        parts=_parts(entry),
    )


def group(entry: Entry) -> Group:
    """A leading body with its seats."""
    entry.only("code unit heading clauses seats")
    return Group(
        code=entry.text("code"),
        unit=entry.text("unit"),
        heading=entry.words("heading"),
        clauses=entry.texts("clauses"),
        seats=tuple(_seat(item) for item in entry.entries("seats")),
    )


def _seat(entry: Entry) -> Seat:
    entry.only("code order role units post clause role_printed")
    return Seat(
        code=entry.text("code"),
        order=entry.maybe_int("order") or 0,
        role=entry.text("role"),
        units=entry.texts("units"),
        post=entry.text("post"),
        clause=entry.text("clause"),
        role_printed=entry.flag("role_printed", True),
    )


def report(entry: Entry) -> Report:
    """Something reported, published or submitted."""
    entry.only("code heading clauses senders recipients deadline to_words")
    return Report(
        code=entry.text("code"),
        heading=entry.words("heading"),
        clauses=entry.texts("clauses"),
        senders=entry.texts("senders"),
        recipients=entry.texts("recipients"),
        deadline=deadline(entry.below("deadline")),
        to_words=entry.maybe_text("to_words"),
    )


def plan(entry: Entry) -> PlanData:
    """A whole plan file."""
    entry.only("plan areas tasks stages groups reports")
    head = entry.below("plan")
    head.only("code subject county title issuer leading issued_on effective_on doc_no disclosure clauses")
    return PlanData(
        code=head.text("code"),
        subject=head.text("subject"),
        county=head.text("county"),
        title=head.words("title"),
        issuer=head.text("issuer"),
        leading=head.maybe_text("leading"),
        issued_on=head.day("issued_on"),
        effective_on=head.maybe_day("effective_on") or head.day("issued_on"),
        doc_no=head.maybe_text("doc_no"),
        disclosure=head.maybe_text("disclosure"),
        clauses=head.texts("clauses"),
        areas=tuple(
            Area(item.text("code"), item.words("heading"), item.texts("clauses")) for item in entry.entries("areas")
        ),
        tasks=tuple(task(item) for item in entry.entries("tasks")),
        stages=tuple(stage(item) for item in entry.entries("stages")),
        groups=tuple(group(item) for item in entry.entries("groups")),
        reports=tuple(report(item) for item in entry.entries("reports")),
    )
