"""``luoshi gazette import FILE [--confirm]``: from a file to documents, tasks and duties, as the system editor."""

import argparse
import json
import logging
import sys
import uuid
from typing import TYPE_CHECKING, Any

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette.parse.files import read_format

if TYPE_CHECKING:
    from luoshi.office.actions import Call, Result


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``import`` to ``luoshi gazette``."""
    one = commands.add_parser(
        "import",
        help="导入公报，确认后成为任务与待办 | import a gazette; confirmed, it becomes tasks and duties",
        description="读取公报或文件，存为待确认的建议；加 --confirm 即以系统编辑身份确认，生成文件、条款、任务、待办。"
        "同一文件再次导入不会重复。 Reads a gazette, keeps the proposal; with --confirm it becomes documents, clauses, "
        "tasks and duties. The same file again doubles nothing.",
    )
    one.add_argument("file", metavar="FILE", help="txt、docx、pdf、html")
    one.add_argument("--confirm", action="store_true", help="导入并确认 | import and confirm")
    one.add_argument("--county", metavar="CODE", help="县代号，默认第一个县 | county code; the first one by default")
    one.add_argument("--replaces", metavar="CODE", help="所更替文件的代号 | code of the document this one replaces")
    one.add_argument("--json", action="store_true", help="输出 JSON | print JSON")
    one.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import one file. Returns 0, 1 when the answer is no; bad input is a ``Problem`` (exit code 2)."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings would stand beside our one line
    text, _ = read_format(options.file)
    from luoshi.office import django_setup

    django_setup.start()
    from luoshi.gazette.actions import confirm, receive

    call = _call(options.county)
    replaces = _document(call, options.replaces) if options.replaces else None
    received = receive.receive(call("receive"), name=options.file, text=receive.storable(text), replaces=replaces)
    if not received.outcome:
        return _refused(received)
    values = dict(received.values)
    said: dict[str, Any] = {"received": values}
    if options.confirm:
        answer = _confirm(call, confirm, values["proposal"], replaces)
        if not answer.outcome and answer.outcome.reasons[0].code != "already_confirmed":
            return _refused(answer)
        stands = not answer.outcome
        said |= {"confirmed": dict(answer.values), "stood_already": stands}
    if options.json:
        json.dump(said, sys.stdout, ensure_ascii=False, default=str)
        sys.stdout.write("\n")
    else:
        print("\n".join(lines(said)))
    return 0


def _confirm(call: Any, confirm: Any, proposal: int, replaces: int | None) -> "Result":
    if replaces is None:
        return confirm.confirm(call("confirm"), proposal=proposal)
    from luoshi.gazette.actions import versions

    return versions.apply_version(call("version"), proposal=proposal)


def _call(code: str | None) -> Any:
    """Return a maker of system calls in a county; ``Problem`` where the database or the county is not there."""
    from django.db import DatabaseError

    from luoshi.office import present
    from luoshi.office.people.models import County
    from luoshi.office.plans import loading

    try:
        rows = County.objects.order_by("pk")
        county = (rows.filter(code=code) if code else rows).first()
    except DatabaseError as fault:
        raise Problem(
            "LUOSHI_HOME", Words("数据库还没有建立。", "The database is not there yet."),
            Words("请先运行 luoshi up --prepare-only。", "Run luoshi up --prepare-only first."),
        ) from fault  # fmt: skip
    if county is None:
        raise Problem(
            "--county", Words(f"没有这个县“{code or ''}”。", f"There is no county {code or ''!r}."),
            Words("请先运行 luoshi up 或 luoshi county load。", "Run luoshi up or luoshi county load first."),
        )  # fmt: skip

    def call(what: str) -> "Call":
        return loading.system_call(county, present.now(), f"gazette:{what}:{uuid.uuid4().hex}")

    return call


def _document(call: Any, code: str) -> int:
    from luoshi.office.plans.models import Document

    row = Document.objects.filter(county_id=call("look").actor.county_id, code=code).order_by("-version").first()
    if row is None:
        raise Problem(
            "--replaces", Words(f"没有代号为“{code}”的文件。", f"There is no document {code!r}."),
            Words("请查看导入结果中的文件代号。", "See the codes that the import printed."),
        )  # fmt: skip
    return row.pk


def _refused(answer: "Result") -> int:
    for reason in answer.outcome.reasons:
        print(f"{reason.words.zh}{reason.remedy.zh if reason.remedy else ''}", file=sys.stderr)
    return 1


def lines(said: dict[str, Any]) -> list[str]:
    """Return what an import did, as lines for a person."""
    received = said["received"]
    known = "（已导入过）" if received["known"] else ""
    found = [f"建议第{received['proposal']}号{known}，疑点{received['doubts']}处"]
    if "confirmed" not in said and received["state"] != "open":
        return [*found, "这份公报已经确认过。 It was confirmed before."]
    if "confirmed" not in said:
        return [*found, "尚未确认：加 --confirm，或在编辑台逐条确认。"]
    if said["stood_already"]:
        return [*found, "这份公报已经确认，结果已在册，没有改动。 It stands already; nothing was changed."]
    done = said["confirmed"]
    if "documents" not in done:
        counts = f"新增{done['added']}、改变{done['changed']}、删去{done['removed']}、不变{done['same']}"
        return [*found, f"第{done['version']}版已生效：任务{counts}。换版记录第{done['change']}号，可撤回。"]
    found += [_row("文件", "任务", "有牵头", "有配合", "有期限", "挂接", "按条款", "新建", "未挂接"), "-" * 78]
    for one in done["documents"]:
        left = len(one["unlinked"]) + len(one["unmatched"])
        figures = ("tasks", "with_lead", "with_support", "with_deadline", "linked", "linked_by_clause", "made")
        found += [one["title"], _row(one["code"][:30], *(one[k] for k in figures), left)]
        found += [f"  解读：{one['interpretation']}"] if one["interpretation"] else []
        found += [f"  不一致 {line}" for line in one["differs"]]
        found += [f"  未对应 {line}" for line in one["unmatched"]]
        found += [f"  无条款可挂接：{'、'.join(one['unlinked'])}"] if one["unlinked"] else []
    kept = "" if done["chronicle_kept"] or not done["chronicle"] else "（不是成期公报，留在建议中）"
    found += [f"大事记 {done['chronicle']} 条{kept}；新交办 {done['assigned']} 项"]
    if done["unresolved"]:
        names = "、".join(f"{name}×{n}" for name, n in done["unresolved"].items())
        found.append(f"单位名称未认定，{done['blocked']} 项任务待定：{names}")
    return found


def _row(first: str, *cells: Any) -> str:
    """Return one row of a table; a Chinese character is two columns wide."""
    wide = sum(2 if ord(c) > 0x2E80 else 1 for c in first)
    out = first + " " * max(32 - wide, 1)
    for cell in cells:
        text = str(cell)
        width = sum(2 if ord(c) > 0x2E80 else 1 for c in text)
        out += " " * max(7 - width, 1) + text
    return out
