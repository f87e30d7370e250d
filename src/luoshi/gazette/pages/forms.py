"""The forms of an element: which fields each kind has, filled with what stands."""

from typing import Any

from django.urls import reverse

from luoshi.core.words import Words
from luoshi.gazette.actions import edit
from luoshi.gazette.models import Proposal
from luoshi.gazette.pages.elements import Element
from luoshi.office.fields import Field, Form, Option


def _options(**words: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, Words(*both)) for value, both in words.items())


MODES = _options(
    single=("单独负责", "Alone"),
    lead_support=("牵头与配合", "Lead and support"),
    joint=("共同负责", "Jointly"),
    by_duty=("按职责分工", "By duty"),
    none=("未写明", "Not stated"),
)
DEADLINES = _options(
    until=("截止到某日", "Until a day"),
    recurring=("定期", "Recurring"),
    ongoing=("长期", "Ongoing"),
    relative=("事件后若干日", "After an event"),
    none=("未写明", "Not stated"),
)
EVERY = (
    Option("", Words("不定期", "None")),
    *_options(
        week=("每周", "Week"),
        ten_days=("每旬", "Ten days"),
        month=("每月", "Month"),
        quarter=("每季", "Quarter"),
        half_year=("每半年", "Half-year"),
        year=("每年", "Year"),
    ),
)
THEN = (Option("", Words("到期结束", "It ends")), Option("ongoing", Words("之后长期坚持", "Then ongoing")))
OPS = (
    Option(">=", Words("不少于 ≥", "At least ≥")),
    Option("<=", Words("不多于 ≤", "At most ≤")),
    Option(">", Words("多于 >", "More than >")),
    Option("<", Words("少于 <", "Less than <")),
    Option("=", Words("等于 =", "Equal =")),
)
_LIST_HINT = Words("用顿号分开，照原文写。", "As printed, separated by 、.")


def text(name: str, zh: str, en: str, value: Any, **more: Any) -> Field:
    """Return a field that may be left empty."""
    return Field(name, Words(zh, en), value="" if value is None else str(value), required=False, **more)


def build(row: Proposal, verb: str, words: Words, *fields: Field, back: str = "") -> Form:
    """Return a form of the desk: its verb, the edit it was made on and the way back go along."""
    hidden = (
        Field("verb", words, "hidden", verb),
        Field("at_edit", words, "hidden", str(row.edits_made)),
        Field("next", words, "hidden", back),
    )
    return Form.fresh(reverse("gazette-step", args=[row.pk]), words, *hidden, *fields)


def correct(row: Proposal, at: str, kind: str, held: dict[str, Any]) -> Form | None:
    """Return the form that corrects an element; None for a kind that is only confirmed or removed."""
    made = FIELDS.get(kind)
    if made is None:
        return None
    return build(
        row, "correct", edit.correct.words, Field("at", edit.correct.words, "hidden", at), *made(held), *_span(held)
    )


def add(row: Proposal, at: str, kind: str, here: int) -> Form | None:
    """Return the form that adds an element of a kind."""
    made = FIELDS.get(kind)
    if made is None:
        return None
    empty = {**EMPTY, "span": ["", ""]}
    fields = [f for f in made(empty)]
    return build(
        row, "add", edit.add.words, Field("at", edit.add.words, "hidden", at), *_span(empty, required=True), *fields
    )


def split(row: Proposal, at: str, line: Element) -> Form:
    """Return the form that cuts an element in two."""
    return build(
        row,
        "split",
        edit.split.words,
        Field("at", edit.split.words, "hidden", at),
        Field(
            "offset",
            Words("分开的位置", "Cut at"),
            "number",
            minimum=str(line.start + 1),
            maximum=str(line.end - 1),
            hint=Words(
                f"原文位置，{line.start + 1} 到 {line.end - 1}；每行行首的位置见旁边。",
                f"Offset {line.start + 1} to {line.end - 1}; the numbers beside the lines are offsets.",
            ),
        ),
    )


def empty(row: Proposal, verb: str, at: str, words: Words) -> Form:
    """Return the form a refused step is shown in again."""
    kind = at.split(".")[-2] if at.count(".") else ""
    if verb in ("correct", "add") and kind in FIELDS:
        made = correct(row, at, kind, EMPTY) if verb == "correct" else add(row, at, kind, 0)
        assert made is not None
        return made
    extra = {
        "split": [text("offset", "分开的位置", "Cut at", "", kind="number")],
        "resolve_unit": [text("name", "名称", "Name", ""), text("unit", "单位编码", "Unit code", "")],
        "create_unit": [text(n, zh, en, "") for n, zh, en in NEW_UNIT],
        "apply": [text("from_on", "生效日", "In force from", "", kind="date")],
    }.get(verb, [])
    hidden = [Field("at", words, "hidden", at)] if at else []
    return build(row, verb, words, *hidden, *extra)


NEW_UNIT = (
    ("name", "名称（照原文）", "Name as printed"),
    ("code", "单位编码（小写字母、数字、短横）", "Code (lower-case letters, figures, hyphens)"),
    ("name_en", "英文名", "English name"),
    ("kind", "类别", "Kind"),
    ("members", "成员单位编码（集合单位才填）", "Codes of members (a collective unit)"),
)
EMPTY: dict[str, Any] = {
    "title": "",
    "number": "",
    "issuer": "",
    "issued_on": "",
    "disclosure": "",
    "recipients": [],
    "path": "",
    "level": "",
    "heading": "",
    "sub": "",
    "lead": [],
    "support": [],
    "responsible": [],
    "mode": "none",
    "open_ended": False,
    "deadline": {"kind": "none", "until": "", "then": "", "every": None, "words": ""},
    "words": "",
    "op": ">=",
    "value": "",
    "unit": "",
    "from": "",
    "to": "",
    "span": ["", ""],
}


def _span(held: dict[str, Any], *, required: bool = False) -> list[Field]:
    if "span" not in held:
        return []
    start, end = held["span"]
    hint = Words(
        "原文中的起止位置（字符数），见旁边行首的数字。", "Offsets into the source; see the numbers beside the lines."
    )
    return [
        Field("span_from", Words("起", "From"), "number", str(start), required=required, minimum="0", hint=hint),
        Field("span_to", Words("止", "To"), "number", str(end), required=required, minimum="0"),
    ]


def _document(held: dict[str, Any]) -> list[Field]:
    return [
        text("title", "标题", "Title", held["title"], kind="textarea", rows=2),
        text("number", "发文字号", "Number", held["number"]),
        text("issuer", "制发机关", "Issuer", held["issuer"]),
        text("issued_on", "成文日期", "Issued on", held["issued_on"], kind="date"),
        text(
            "disclosure",
            "公开属性",
            "Disclosure",
            held["disclosure"],
            hint=Words("主动公开、依申请公开或不予公开。", "As printed."),
        ),
        text("recipients", "主送", "Recipients", "、".join(held["recipients"]), hint=_LIST_HINT),
    ]


def _clause(held: dict[str, Any]) -> list[Field]:
    return [
        text("path", "编号路径", "Path", held["path"]),
        text("level", "层级", "Level", held["level"], kind="number", minimum="0", maximum="40"),
        text("heading", "标题", "Heading", held["heading"]),
    ]


def _task(held: dict[str, Any]) -> list[Field]:
    due = held["deadline"]
    every = due.get("every") or {}
    every = every if isinstance(every, dict) else {"period": every}
    days = "、".join(str(d) for d in every.get("days") or ())
    return [
        text("number", "编号", "Number", held["number"]),
        text("sub", "分项", "Part", held["sub"]),
        text("heading", "标题", "Heading", held["heading"]),
        text("lead", "牵头单位", "Lead", "、".join(held["lead"]), hint=_LIST_HINT),
        text("support", "配合单位", "Support", "、".join(held["support"])),
        text("responsible", "责任单位", "Responsible", "、".join(held["responsible"])),
        text("mode", "分工方式", "Mode", held["mode"], kind="select", options=MODES),
        Field(
            "open_ended",
            Words("名单以“等”收尾", "The list is open-ended"),
            "checkbox",
            str(held["open_ended"]),
            required=False,
        ),
        text("deadline_kind", "期限类型", "Kind of deadline", due["kind"], kind="select", options=DEADLINES),
        text("deadline_until", "截止日", "Until", due.get("until"), kind="date"),
        text("deadline_then", "到期之后", "After it", due.get("then"), kind="select", options=THEN),
        text("deadline_every", "周期", "Every", every.get("period"), kind="select", options=EVERY),
        text("deadline_days", "每月哪几日", "Days of the month", days),
    ]


def _target(held: dict[str, Any]) -> list[Field]:
    return [
        text("words", "原文", "Words", held["words"]),
        text("op", "比较", "Comparator", held["op"], kind="select", options=OPS),
        text("value", "数值", "Figure", held["value"], inputmode="decimal"),
        text("unit", "单位", "Unit of measure", held["unit"]),
    ]


def _chronicle(held: dict[str, Any]) -> list[Field]:
    return [
        text("from_on", "起日", "From", held["from"], kind="date"),
        text("to_on", "止日", "To", held["to"], kind="date"),
    ]


FIELDS = {"documents": _document, "clauses": _clause, "tasks": _task, "targets": _target, "chronicle": _chronicle}
