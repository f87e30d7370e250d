"""What may stand in a public notice: an allow-list of columns, masking, and a last look for numbers of persons. Pure.

DOMAIN 12: a public list gives name, village, group, grade, mode, amount; a resident number, where the county insists,
with its first six and last character; never a card, a phone, an address below the village, an illness. A name does not
stand whole beside a category of need.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from luoshi.core import identity
from luoshi.core.outcome import Outcome, Reason, Refused
from luoshi.core.words import Words

CELL = 200
MOST_ROWS = 5_000
Value = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be public, and how its values are shown."""

    code: str
    words: Words
    shown: Callable[[str], str] = str


def _masked_id(text: str) -> str:
    return identity.mask_resident_id(text, public=True)


COLUMNS: dict[str, Column] = {
    column.code: column
    for column in (
        Column("number", Words("序号", "No.")),
        Column("name", Words("姓名", "Name")),
        Column("village", Words("村（社区）", "Village")),
        Column("group", Words("村民小组", "Group")),
        Column("category", Words("对象类别", "Category")),
        Column("grade", Words("等级", "Grade")),
        Column("mode", Words("方式", "Mode")),
        Column("area_m2", Words("面积（平方米）", "Area (m²)")),
        Column("amount_yuan", Words("金额（元）", "Amount (yuan)")),
        Column("resident_id", Words("身份证号（隐去）", "Resident number (masked)"), _masked_id),
        Column("organisation", Words("单位名称", "Organisation")),
        Column("matter", Words("事项", "Matter")),
        Column("result", Words("结果", "Result")),
        Column("day", Words("日期", "Day")),
    )
}
"""What a notice may show. A column that is not here is refused, not left out in silence."""


def let_through(
    columns: Sequence[str], rows: Sequence[Mapping[str, Value]]
) -> tuple[list[dict[str, str]], Outcome | None]:
    """Return the rows as the public may see them, or why they may not be published.

    A refusal names row and column and never repeats what stands there.
    """
    refused = _columns_refused(columns)
    if refused is None:  # a refusal is false, so `or` would pass it over
        refused = _shape_refused(columns, rows)
    if refused is not None:
        return [], refused
    hide_names = "category" in columns
    shown = [{code: _shown(code, row.get(code), hide_names) for code in columns} for row in rows]
    for n, row in enumerate(shown, 1):
        for code in columns:
            found = _numbers(row[code])
            if found:
                return [], _number_refused(n, code, found)
    return shown, None


def text_refused(place: Words, text: str) -> Refused | None:
    """Refuse a title or text in which a number of a person stands."""
    found = _numbers(text)
    if not found:
        return None
    return Refused((Reason(
        "number_in_text",
        Words(f"{place.zh}里有疑似{_KINDS[found].zh}。", f"The {place.en} seems to hold a {_KINDS[found].en}."),
        Words("请删去后再公示。", "Take it out before publishing."),
        (), {"kind": found},
    ),))  # fmt: skip


_KINDS = {
    "resident_id": Words("身份证号", "resident number"),
    "bank_card": Words("银行卡号", "bank card number"),
    "phone": Words("手机号", "phone number"),
}


def _numbers(text: str) -> str:
    """Return the kind of the first number of a person in a text, or an empty text."""
    found = identity.find_identity_numbers(text)
    return found[0].kind if found else ""


def _shown(code: str, value: Value, hide_names: bool) -> str:
    text = "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value).strip()
    if code == "name" and hide_names:
        return identity.mask_name(text, public=True)
    return COLUMNS[code].shown(text)


def _columns_refused(columns: Sequence[str]) -> Refused | None:
    unknown = [code for code in columns if code not in COLUMNS]
    if not columns or unknown or len(set(columns)) != len(columns):
        told = "、".join(unknown) or "（无）"
        allowed = "、".join(f"{c.words.zh}（{c.code}）" for c in COLUMNS.values())
        return Refused((Reason(
            "column_not_public",
            Words(f"这些列不能公示：{told}。", f"These columns may not be public: {', '.join(unknown) or '(none)'}."),
            Words(f"可以公示：{allowed}。", f"These may: {', '.join(COLUMNS)}."),
            (), {"columns": list(columns), "not_public": unknown},
        ),))  # fmt: skip
    return None


def _shape_refused(columns: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> Refused | None:
    for n, row in enumerate(rows, 1):
        extra = sorted(set(row) - set(columns))
        long = next((code for code in columns if len(str(row.get(code) or "")) > CELL), "")
        if extra or long:
            where = Words(f"第{n}行", f"Row {n}")
            return Refused((Reason(
                "row_not_fit",
                Words(
                    f"{where.zh}有表外的内容，或有一格超过{CELL}字。",
                    f"{where.en} holds more than its columns, or a cell above {CELL} characters.",
                ),
                Words("请按所选列整理后再提交。", "Bring it into the chosen columns."),
                (), {"row": n, "extra": extra, "column": long},
            ),))  # fmt: skip
    return None


def _number_refused(row: int, code: str, kind: str) -> Refused:
    column = COLUMNS[code].words
    return Refused((Reason(
        "number_in_row",
        Words(
            f"第{row}行“{column.zh}”里有疑似{_KINDS[kind].zh}。",
            f"Row {row}, {column.en}: it seems to hold a {_KINDS[kind].en}.",
        ),
        Words(
            "请删去后再公示；身份证号只能放在“身份证号（隐去）”一列。",
            "Take it out; a resident number may stand only in its masked column.",
        ),
        (), {"row": row, "column": code, "kind": kind},
    ),))  # fmt: skip
