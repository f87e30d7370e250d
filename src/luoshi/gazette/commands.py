"""``luoshi gazette …``: parse a file into its proposal, import it, run remembered cases."""

import argparse
import json
import logging
import sys
from typing import Any

from luoshi.core.problem import Problem
from luoshi.gazette import cases_command, import_command
from luoshi.gazette.parse import parse
from luoshi.gazette.parse.files import read_format


def add_commands(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``gazette`` with its own commands to the command line."""
    gazette = sub.add_parser(
        "gazette", help="公报与文件 | gazettes and documents", description="公报与文件。 Gazettes and documents."
    )
    commands = gazette.add_subparsers(dest="gazette_command", required=True, metavar="COMMAND")
    one = commands.add_parser(
        "parse",
        help="把公报或文件读成结构 | read a gazette into structure",
        description="读取公报或文件，给出建议的结构，供人确认；不需要数据库。 "
        "Reads a gazette or document and prints the proposed structure for a person to confirm; needs no database.",
    )
    one.add_argument("file", metavar="FILE", help="txt、docx、pdf、html")
    one.add_argument("--json", action="store_true", help="输出 JSON | print JSON")
    one.add_argument("--text", action="store_true", help="输出 span 所指的文本 | print the text that spans count in")
    one.set_defaults(run=run_parse)
    import_command.add(commands)
    cases_command.add(commands)


def run_parse(options: argparse.Namespace) -> int:
    """Print the proposal. Returns 0, or 2 for a file that cannot be read."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings would stand beside our one line
    try:
        text, kind = read_format(options.file)
    except Problem as problem:
        print(problem.line(), file=sys.stderr)
        return 2
    if options.text:
        sys.stdout.write(text)
        return 0
    proposal = parse(text)
    proposal["source"]["format"] = kind
    if options.json:
        json.dump(proposal, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        print("\n".join(summary(proposal, text)))
    return 0


def summary(proposal: dict[str, Any], text: str) -> list[str]:
    """Return the proposal as lines for a person."""
    issue = proposal["issue"]
    lines = [f"{issue['title']} {issue['year']}年第{issue['number']}期（总第{issue['serial']}期）"] if issue else []
    for n, document in enumerate(proposal["documents"], 1):
        head = "，".join(str(document[k]) for k in ("number", "issuer", "issued_on", "disclosure") if document[k])
        lines.append(f"{n}. {document['title']}（{head or '未标注'}）")
        lines.append(
            f"   条款 {len(document['clauses'])}，任务 {len(document['tasks'])}，分级标准 {len(document['thresholds'])}"
        )
        if document["interpretation"]:
            lines.append(f"   解读：{document['interpretation']['title']}")
    if proposal["chronicle"]:
        lines.append(f"大事记 {len(proposal['chronicle'])} 条")
    lines.append(f"疑点 {len(proposal['doubts'])} 处")
    for doubt in proposal["doubts"]:
        start, end = doubt["span"]
        words = " ".join(text[start:end].split())
        lines.append(f"   [{doubt['kind']}] {start}-{end} {words[:30]}：{doubt['words']}")
    return lines
