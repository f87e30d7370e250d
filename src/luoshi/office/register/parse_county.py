"""County folders: from entries to units and places."""

from pathlib import Path
from typing import Any

from luoshi.office.register.files import Entry, entries
from luoshi.office.register.records import (
    County,
    DatedName,
    Place,
    Unit,
)


def unit(entry: Entry, county: str) -> Unit:
    """A unit of a county."""
    entry.only("code kind short name aliases local_aliases names parent members open name_printed sources note")
    local = entry.data.get("local_aliases") or {}
    if not isinstance(local, dict):
        raise entry.problem("local_aliases 应按主题分列。", "local_aliases goes by subject.", "local_aliases")
    names = []
    for item in entry.entries("names"):
        item.only("zh from until")
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
    entry.only("code kind name parent unit official_code generated")
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
    head.only("county name official_code places")
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
