"""From the entries of a file to records. One function a record; a wrong field is a ``Problem`` with file and line."""

from pathlib import Path
from typing import Any, cast, get_args

from luoshi.core.clause import SUBJECT_OF_PREFIX, ClauseId
from luoshi.core.words import Words
from luoshi.office.register.files import Entry, entries
from luoshi.office.register.records import (
    Area,
    Clause,
    County,
    Cover,
    DatedName,
    DatedValue,
    Deadline,
    DeadlineKind,
    Group,
    Mode,
    Part,
    Place,
    PlanData,
    Reading,
    Report,
    Seat,
    Stage,
    Status,
    Target,
    Task,
    Unit,
)

_TASK_FIELDS = [
    "code",
    "kind",
    "number",
    "sub",
    "area",
    "parent",
    "heading",
    "clauses",
    "mode",
    "lead",
    "support",
    "responsible",
    "open_ended",
    "by_duty",
    "deadline",
    "targets",
    "parts",
    "phase",
    "levels",
]


def clause(entry: Entry, subject: str) -> Clause:
    """One clause; its id must carry a prefix of the subject."""
    entry.only(*["id", "section", "kind", "actor", "lead", "support", "says", "zh", "values", "depends", "software"])
    code = entry.text("id")
    try:
        prefix = ClauseId.parse(code).prefix
    except ValueError:
        raise entry.problem(f"{code} 不是条款号。", f"{code} is no clause id.", "id") from None
    if SUBJECT_OF_PREFIX.get(prefix) != subject:
        raise entry.problem(f"{code} 不属于 {subject}。", f"{code} does not belong to {subject}.", "id")
    values = entry.data.get("values") or {}
    if not isinstance(values, dict):
        raise entry.problem("values 应为一组字段。", "values must be a mapping.", "values")
    return Clause(
        id=code,
        subject=subject,
        section=entry.text("section"),
        kind=entry.text("kind"),
        actor=entry.texts("actor"),
        says=entry.text("says"),
        zh=entry.text("zh"),
        software=entry.text("software"),
        values=values,
        lead=entry.texts("lead"),
        support=entry.texts("support"),
        depends=entry.texts("depends"),
    )


def deadline(entry: Entry) -> Deadline:
    """A deadline; each kind carries the fields it needs."""
    entry.only(*["kind", "until", "then", "every", "days", "event", "allowance", "unit", "clause", "words"])
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
    entry.only(*["metric", "op", "value", "unit", "clause", "words", "until", "per"])
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
    entry.only(*_TASK_FIELDS)
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
    entry.only(*["code", "line", "order", "heading", "clauses", "owners", "from", "until", "gates", "parts"])
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
    entry.only(*["code", "unit", "heading", "clauses", "seats"])
    return Group(
        code=entry.text("code"),
        unit=entry.text("unit"),
        heading=entry.words("heading"),
        clauses=entry.texts("clauses"),
        seats=tuple(_seat(item) for item in entry.entries("seats")),
    )


def _seat(entry: Entry) -> Seat:
    entry.only(*["code", "order", "role", "units", "post", "clause", "role_printed"])
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
    entry.only(*["code", "heading", "clauses", "senders", "recipients", "deadline", "to_words"])
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
    entry.only("plan", "areas", "tasks", "stages", "groups", "reports")
    head = entry.below("plan")
    head.only(
        *[
            "code",
            "subject",
            "county",
            "title",
            "issuer",
            "issued_on",
            "effective_on",
            "doc_no",
            "disclosure",
            "clauses",
        ]
    )
    return PlanData(
        code=head.text("code"),
        subject=head.text("subject"),
        county=head.text("county"),
        title=head.words("title"),
        issuer=head.text("issuer"),
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


def dated_value(entry: Entry) -> DatedValue:
    """A dated value; it rests on exactly one of clause, reading, law."""
    entry.only(*["key", "value", "unit", "from", "clause", "path", "reading", "law", "words"])
    grounds = [name for name in ("clause", "reading", "law") if entry.data.get(name)]
    if len(grounds) != 1:
        raise entry.problem(
            "取值须且只须有一个依据：clause、reading 或 law。", "A value rests on exactly one of clause, reading, law."
        )
    path = entry.data.get("path", [])
    if bool(path) != (grounds == ["clause"]) or not isinstance(path, list):
        raise entry.problem("path 与 clause 须同时给出。", "path goes with clause, and only with clause.", "path")
    if "value" not in entry.data:
        raise entry.problem("缺少 value。", "value is missing.")
    return DatedValue(
        key=entry.text("key"),
        value=_frozen(entry.data["value"]),
        unit=entry.maybe_text("unit"),
        from_on=entry.day("from"),
        words=entry.words("words"),
        clause=entry.maybe_text("clause"),
        path=tuple(path),
        reading=entry.maybe_text("reading"),
        law=entry.maybe_text("law"),
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def reading(entry: Entry, subject: str) -> Reading:
    """A recorded reading of a doubtful place."""
    entry.only(*["id", "where", "clauses", "doubt", "reading", "overruled_by", "values"])
    who = entry.below("overruled_by")
    who.only("role", "unit")
    return Reading(
        id=entry.text("id"),
        subject=subject,
        where=entry.text("where"),
        clauses=entry.texts("clauses"),
        doubt=entry.words("doubt"),
        reading=entry.words("reading"),
        role=who.text("role"),
        unit=who.text("unit"),
        values=entry.texts("values"),
    )


def unit(entry: Entry, county: str) -> Unit:
    """A unit of a county."""
    entry.only(
        *[
            "code",
            "kind",
            "short",
            "name",
            "aliases",
            "local_aliases",
            "names",
            "parent",
            "members",
            "open",
            "name_printed",
            "sources",
            "note",
        ]
    )
    local = entry.data.get("local_aliases") or {}
    if not isinstance(local, dict):
        raise entry.problem("local_aliases 应按主题分列。", "local_aliases goes by subject.", "local_aliases")
    names = []
    for item in entry.entries("names"):
        item.only("zh", "from", "until")
        names.append(DatedName(item.text("zh"), item.maybe_day("from"), item.maybe_day("until")))
    return Unit(
        code=entry.text("code"),
        county=county,
        kind=entry.text("kind"),
        short=entry.text("short"),
        name=entry.words("name"),
        aliases=entry.texts("aliases"),
        local_aliases={subject: tuple(found) for subject, found in local.items()},
        names=tuple(names),
        parent=entry.maybe_text("parent"),
        members=entry.texts("members"),
        open=entry.flag("open"),
        name_printed=entry.flag("name_printed", True),
        sources=entry.texts("sources"),
        note=entry.maybe_words("note"),
    )


def place(entry: Entry, county: str) -> Place:
    """A county, town or village."""
    entry.only(*["code", "kind", "name", "parent", "unit", "official_code", "generated"])
    return Place(
        code=entry.text("code"),
        county=county,
        kind=entry.one_of("kind", "county", "town", "village"),
        name=entry.words("name"),
        parent=entry.maybe_text("parent"),
        unit=entry.maybe_text("unit"),
        official_code=entry.maybe_text("official_code"),
        generated=entry.flag("generated"),
    )


def county(units_file: Path, units_data: Any, places_file: Path, places_data: Any) -> County:
    """A county from its two files; every reference inside them must lead somewhere."""
    head = Entry(places_file, (), places_data)
    head.only("county", "name", "official_code", "places")
    code = head.text("county")
    places: dict[str, Place] = {}
    for entry in head.entries("places"):
        found = place(entry, code)
        if found.code in places:
            raise entry.problem(f"地点 {found.code} 重复。", f"Place {found.code} stands twice.", "code")
        if found.parent is not None and found.parent not in places:
            raise entry.problem(
                f"上级 {found.parent} 不在前面。", f"Parent {found.parent} does not come first.", "parent"
            )
        places[found.code] = found
    units: dict[str, Unit] = {}
    listed = entries(units_file, units_data)
    for entry in listed:
        made = unit(entry, code)
        if made.code in units:
            raise entry.problem(f"单位 {made.code} 重复。", f"Unit {made.code} stands twice.", "code")
        units[made.code] = made
    for entry in listed:
        for named in [entry.data.get("parent"), *entry.texts("members")]:
            if named is not None and named not in units:
                raise entry.problem(f"没有单位 {named}。", f"There is no unit {named}.")
    return County(code, head.words("name"), head.maybe_text("official_code"), units, places)


def cover(code: str, entry: Entry) -> Cover:
    """What is done for one clause: exactly one status."""
    statuses = get_args(Status)
    given = [name for name in statuses if name in entry.data]
    if len(given) != 1 or len(entry.data) != 1:
        raise entry.problem(
            f"{code} 须且只须有一种状态：{'、'.join(statuses)}。",
            f"{code} needs exactly one status of {', '.join(statuses)}.",
        )
    status = cast(Status, given[0])
    if status == "not_for_software":
        return Cover(code, status, reason=entry.words(status))
    value = entry.data[status]
    where = entry.texts(status) if isinstance(value, list) else (entry.text(status),)
    return Cover(code, status, where)
