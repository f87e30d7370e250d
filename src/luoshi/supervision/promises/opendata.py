"""The promises as open data: the same rows as the pages, streamed as CSV or JSON, with what each column means."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from luoshi.core.words import Words
from luoshi.supervision.promises.queries import Promise, View

LICENCE = Words(
    "可免费使用、转载和再利用，请注明来源和数据日期。", "Free to use, copy and reuse; name the source and the day."
)
COLUMNS: dict[str, Words] = {
    "plan": Words("方案编码", "code of the plan"),
    "task": Words("任务编码，与方案编码一起构成本项的固定地址", "code of the task; with the plan's, its address"),
    "number": Words("方案中的序号", "number as printed in the plan"),
    "promise": Words("承诺事项（中文）", "what was promised (Chinese)"),
    "promise_en": Words("承诺事项（英文）", "what was promised (English)"),
    "plan_name": Words("方案名称", "name of the plan"),
    "due_printed": Words("方案中印的期限原文", "the day as the plan prints it"),
    "due_on": Words("现行期限，空为没有固定日期", "the day in force, empty where there is none"),
    "first_due_on": Words("原定期限，只在期限动过时有值", "the first day, where the day was moved"),
    "state": Words(
        "状态：on_time按期、near临期、overdue逾期、done办结、done_late逾期办结、suspended中止、cancelled撤销",
        "state: on_time, near, overdue, done, done_late, suspended or cancelled",
    ),
    "days_overdue": Words("已逾期的自然日数，未逾期为0", "calendar days overdue, 0 where not"),
    "done_on": Words("办结日期", "day it was done"),
    "units": Words("责任单位（牵头或主责），顿号分隔", "units that answer for it"),
    "support_units": Words("配合单位", "supporting units"),
    "clauses": Words("依据条款编码，空格分隔", "clause ids"),
    "reported_on": Words("最近一次上报日期", "day of the latest report"),
    "evidence_files": Words("已交证明材料份数", "files of evidence handed in"),
    "note": Words("最近一次公开说明", "the latest public note"),
    "noted_on": Words("公开说明日期", "day of that note"),
    "page": Words("本项网页地址", "address of its page"),
    "as_of": Words("数据日期", "day of the data"),
}


def record(seen: View, promise: Promise) -> dict[str, Any]:
    """Return one promise with exactly the columns above, as JSON has them."""
    return {
        "plan": promise.plan_code, "task": promise.code, "number": promise.number, "promise": promise.heading.zh,
        "promise_en": promise.heading.en, "plan_name": promise.plan.zh, "due_printed": promise.printed,
        "due_on": _day(promise.due_on), "first_due_on": _day(promise.first_due_on), "state": promise.standing,
        "days_overdue": promise.days_overdue, "done_on": _day(promise.done_on),
        "units": "、".join(u.unit.zh for u in promise.leaders),
        "support_units": "、".join(u.unit.zh for u in promise.units if u.role == "support"),
        "clauses": " ".join(promise.clause_ids), "reported_on": _day(promise.reported_on),
        "evidence_files": promise.files, "note": promise.note, "noted_on": _day(promise.noted_on),
        "page": promise.address, "as_of": seen.today.isoformat(),
    }  # fmt: skip


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def as_csv(seen: View, promises: Iterable[Promise]) -> Iterator[str]:
    """Yield the rows as CSV in UTF-8 with a mark for spreadsheet programs; the first line names the columns."""
    writer: Any = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    for promise in promises:
        yield writer.writerow([_harmless(v) for v in record(seen, promise).values()])


def _harmless(cell: Any) -> Any:
    """Keep spreadsheet programs from running a text as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_json(seen: View, promises: Iterable[Promise]) -> Iterator[str]:
    """Yield one JSON object: source, day, licence, columns, and the list ``promises``, row by row."""
    head = {
        "source": seen.county.name_zh, "as_of": seen.today.isoformat(), "licence": LICENCE.as_json(),
        "columns": {name: words.as_json() for name, words in COLUMNS.items()},
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "promises": ['
    for n, promise in enumerate(promises):
        yield (",\n" if n else "\n") + json.dumps(record(seen, promise), ensure_ascii=False)
    yield "\n]}\n"
