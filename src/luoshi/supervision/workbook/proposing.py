"""A workbook that came back becomes a proposal: every cell that says something else, with what can be done about it."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.people.models import Account
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.readables import ASSIGNMENT
from luoshi.supervision.workbook import codes, differences, known, rows
from luoshi.supervision.workbook.cells import printed
from luoshi.supervision.workbook.differences import Came, Proposed, Stood
from luoshi.supervision.workbook.doing import Permissions
from luoshi.supervision.workbook.export import fixed_columns
from luoshi.supervision.workbook.heads import Heads, find, index
from luoshi.supervision.workbook.intake import Grid, open_file
from luoshi.supervision.workbook.known import Known
from luoshi.supervision.workbook.layouts import Column, columns, layouts
from luoshi.supervision.workbook.models import Change, Export
from luoshi.supervision.workbook.wishes import acts

CHUNK = 1_000
SOUGHT = Words("至少有“台账编码”和一个可填的栏目", "at least 台账编码 and one column to fill in")
_ONCE = frozenset({"note", "extend_to", "extend_why", "move"})
_KNOWN_HEADS = index({code: (column.head, *column.also) for code, column in columns().items()})


@dataclass
class Read:
    """What a workbook proposes: changes not yet written, words about the file, and how many rows it had."""

    changes: list[Change] = field(default_factory=list)
    warnings: list[Words] = field(default_factory=list)
    rows: int = 0


def open_returned(name: str, data: bytes) -> Grid:
    """Measure and open a workbook that came back; ``Problem`` where it cannot be read."""

    def heads(first: Sequence[Sequence[Any]]) -> Heads | None:
        return find(first, _KNOWN_HEADS, ("code",))

    return open_file(name, data, heads, SOUGHT)


def propose(call: Call, grid: Grid) -> Read:
    """Compare every row with what was exported and with the house as it stands; nothing is written."""
    reader = _Reader(call, grid)
    found = Read(warnings=list(grid.warnings))
    lines = grid.rows()
    while batch := list(itertools.islice(lines, CHUNK)):
        found.rows += reader.take(batch, found.changes)
    found.warnings += reader.missing()
    return found


class _Reader:
    """One pass over a sheet."""

    def __init__(self, call: Call, grid: Grid) -> None:
        self.call, self.grid = call, grid
        here = grid.heads.columns
        self.columns = [column for code, column in columns().items() if code in here]
        self.places = [(column.code, here[column.code]) for column in self.columns]
        self.exports = _Exports(call.actor.county_id)
        self.first_row: dict[codes.Code, int] = {}
        self.permissions = Permissions(call)
        self.hidden_columns = frozenset(code for code, at in self.places if at in grid.hidden_columns)

    def take(self, batch: list[tuple[int, list[Any]]], changes: list[Change]) -> int:
        """Compare some rows; return how many of them were rows of the ledger."""
        coded = [(number, row, code) for number, row in batch if (code := self._code(number, row, changes)) is not None]
        seen = self._visible([code.share for _, _, code in coded])
        house = {row.share: row for row in rows.read(sorted(seen), self.call.today)}
        texts, people = self._past(coded, house)
        found: list[tuple[int, int, list[Proposed]]] = []
        for number, row, code in coded:
            said, now = self.exports.of(code), house.get(code.share)
            if said is None or now is None:
                words = Words(
                    "系统里没有这一行，或无权查看。", "The house has no such row, or it is not yours to read."
                )
                changes.append(self._about_row(number, row, "refused", words))
                continue
            stood = self._stood(said, now, row, code.export, texts, people)
            came = self._came(number, row)
            if proposed := differences.of_row(self.columns, came, stood, self.call.today):
                found.append((number, code.share, proposed))
        self._judge(found, house, changes)
        return len(coded)

    def _code(self, number: int, row: list[Any], changes: list[Change]) -> codes.Code | None:
        at = self.grid.heads.columns["code"]
        text = printed(row[at]) if at < len(row) else ""
        if not text:
            if any(printed(cell) for cell in row):
                words = Words("没有台账编码的行，不收。", "A row without a ledger code is not taken.")
                changes.append(self._about_row(number, row, "refused", words))
            return None
        code = codes.read(text)
        if code is None:
            words = Words(f"台账编码“{text[:30]}”不对。", f"The ledger code {text[:30]!r} is wrong.")
            changes.append(self._about_row(number, row, "error", words))
        elif code in self.first_row:
            first = self.first_row[code]
            words = Words(
                f"与第{first}行是同一个编码，只看第{first}行。", f"Row {first} has the same code and is read."
            )
            changes.append(self._about_row(number, row, "error", words))
        else:
            self.first_row[code] = number
            return code
        return None

    def _about_row(self, number: int, row: list[Any], verdict: str, words: Words) -> Change:
        text = next((printed(cell) for cell in row if printed(cell)), "")
        cell = self.grid.cell(number, self.grid.heads.columns["code"])
        return Change(
            row=number, cell=cell[:40], column="code", wanted=text[:200], verdict=verdict, decision="keep",
            words_zh=words.zh, words_en=words.en,
        )  # fmt: skip

    def _visible(self, ids: list[int]) -> set[int]:
        mine = Assignment.objects.filter(pk__in=ids, county_id=self.call.actor.county_id)
        return set(ASSIGNMENT.visible(self.call.actor, mine).values_list("pk", flat=True))

    def _past(
        self, coded: list[tuple[int, list[Any], codes.Code]], house: Mapping[int, rows.Row]
    ) -> tuple[dict[tuple[int, int], str], dict[int, str]]:
        """Return the texts of earlier reports by (share, number) and the names of earlier holders by account."""
        wanted: set[tuple[int, int]] = set()
        accounts: set[int] = set()
        for _, _, code in coded:
            said, now = self.exports.of(code), house.get(code.share)
            if said is None or now is None:
                continue
            if said.report and said.report != now.report:
                wanted.add((said.share, said.report))
            if said.account and said.account != now.account:
                accounts.add(said.account)
        found = (
            Report.objects.filter(assignment_id__in={share for share, _ in wanted}) if wanted else Report.objects.none()
        )
        texts = {(share, number): text for share, number, text in found.values_list("assignment_id", "number", "text")}
        mine = Account.objects.filter(pk__in=accounts, county_id=self.call.actor.county_id)
        return texts, dict(mine.values_list("pk", "display_name")) if accounts else {}

    def _stood(
        self, said: Known, now: rows.Row, row: list[Any], export: int, texts: Mapping[tuple[int, int], str],
        people: Mapping[int, str],
    ) -> Stood:  # fmt: skip
        house = {code: printed(value) for code, value in zip(rows.FIELDS, now.values, strict=True)}
        text = house["text"] if said.report == now.report else printed(texts.get((said.share, said.report), ""))
        person = house["person"] if said.account == now.account else people.get(said.account, "")
        was = {"percent": str(said.percent), "text": text, "person": person}
        fixed = self.exports.fixed(export)
        here = self.grid.heads.columns
        whole = all(column.code in here for column in fixed)
        cells = [row[here[column.code]] if here[column.code] < len(row) else "" for column in fixed] if whole else []
        return Stood(was, house, whole and known.fixed_sum(cells) == said.fixed)

    def _came(self, number: int, row: list[Any]) -> Came:
        values = {code: row[at] if at < len(row) else "" for code, at in self.places}
        formulas = merged = frozenset[str]()
        if self.grid.formulas:
            formulas = frozenset(
                code for code, at in self.places if self.grid.cell(number, at).rpartition("!")[2] in self.grid.formulas
            )
        if self.grid.merged:
            firsts = self.grid.merged_firsts
            merged = frozenset(
                code for code, at in self.places if (number, at) in self.grid.merged or (number, at) in firsts
            )
        hidden = frozenset(values) if number in self.grid.hidden_rows else self.hidden_columns
        return Came(values, formulas, merged, hidden)

    def _judge(
        self, found: list[tuple[int, int, list[Proposed]]], house: Mapping[int, rows.Row], changes: list[Change]
    ) -> None:
        """Ask of each cell whether this person may do what it wants, and write the rows of the proposal."""
        if not found:
            return
        ids = [share for _, share, _ in found]
        shares = {
            s.pk: s for s in Assignment.objects.filter(pk__in=ids).select_related("task__plan", "unit__place", "duty")
        }
        before = _done_before(ids)
        for number, share, proposed in found:
            now = {code: printed(value) for code, value in zip(rows.FIELDS, house[share].values, strict=True)}
            wanted = {p.column: p.wanted for p in proposed if p.verdict in ("ready", "ask", "conflict")}
            against = self.permissions.against(shares[share], acts(wanted, now, ""))
            for one in proposed:
                changes.append(self._change(number, share, one, against, before))

    def _change(
        self, number: int, share: int, one: Proposed, against: Mapping[str, Words], before: set[tuple[int, str, str]]
    ) -> Change:
        verdict, words = one.verdict, one.words
        if verdict in ("ready", "ask", "conflict") and one.column in against:
            verdict, words = "refused", against[one.column]
        elif verdict == "ready" and one.column in _ONCE and (share, one.column, one.wanted) in before:
            verdict = "ask"
            words = Words("此前的回传已经按同样内容办理过。", "An earlier workbook has done the same already.")
        decision = {"ready": "take", "refused": "keep", "error": "keep"}.get(verdict, "")
        cell = self.grid.cell(number, self.grid.heads.columns[one.column])
        return Change(
            share_id=share, row=number, cell=cell[:40], column=one.column, was=one.was, now=one.now, wanted=one.wanted,
            verdict=verdict, decision=decision, words_zh=words.zh[:400], words_en=words.en[:400],
        )  # fmt: skip

    def missing(self) -> list[Words]:
        """Name the rows that were exported and did not come back; that changes nothing."""
        came: dict[int, set[int]] = {}
        for code in self.first_row:
            came.setdefault(code.export, set()).add(code.share)
        said = []
        for number, shares in came.items():
            gone = [share for share in self.exports.shares(number) if share not in shares]
            if gone:
                some = "、".join(codes.write(number, share) for share in gone[:20]) + ("…" if len(gone) > 20 else "")
                said.append(
                    Words(
                        f"导出 E{number} 的{len(gone)}行不在表里，视为不改：{some}。",
                        f"{len(gone)} rows of export E{number} did not come back and stay as they are: {some}.",
                    )
                )
        return said


class _Exports:
    """The exports that the codes of a file name, each read once; one of another county is none."""

    def __init__(self, county_id: int) -> None:
        self._county = county_id
        self._rows: dict[int, dict[int, Known]] = {}
        self._fixed: dict[int, list[Column]] = {}

    def of(self, code: codes.Code) -> Known | None:
        """Return what an export said of a share."""
        return self._read(code.export).get(code.share)

    def fixed(self, number: int) -> list[Column]:
        """Return the columns of an export that are only read."""
        return self._fixed[number]

    def shares(self, number: int) -> Iterator[int]:
        """Yield the shares an export gave out, in its order."""
        return iter(self._read(number))

    def _read(self, number: int) -> dict[int, Known]:
        if number not in self._rows:
            made = Export.objects.filter(pk=number, county_id=self._county).first()
            self._rows[number] = {row.share: row for row in known.unpack(bytes(made.known))} if made else {}
            layout = layouts().get(made.layout) if made else None
            self._fixed[number] = fixed_columns(layout) if layout else []
        return self._rows[number]


def _done_before(ids: list[int]) -> set[tuple[int, str, str]]:
    done = Change.objects.filter(share_id__in=ids, result="done", column__in=_ONCE)
    return set(done.values_list("share_id", "column", "wanted"))
