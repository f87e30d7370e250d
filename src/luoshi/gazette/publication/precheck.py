"""The completeness check of an issue before it is printed: one list of pass, warn or fail, each with its clause. Pure.

GAZ-L-3 names what is checked; each check says what it found, so that an editor mends it or lets it stand on purpose.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from luoshi.core.words import Words
from luoshi.gazette.publication.chronicle import missing_meetings
from luoshi.gazette.publication.citations import is_complete, normal_title
from luoshi.gazette.publication.contents import ContentsLine, line_for, quarter
from luoshi.gazette.publication.execution import compare, execution

Grade = Literal["pass", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Item:
    """One document of an issue as the check sees it. ``text`` and ``told`` are its words and its interpretation's."""

    title: str
    issuer: str
    number: str
    issued_on: dt.date | None
    disclosure: str
    text: str
    told_title: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """An issue as the check sees it: ``source`` its whole text, ``before`` the serial number of the one before."""

    year: int
    number: int
    serial: int | None
    printed_on: dt.date | None
    source: str
    lines: tuple[ContentsLine, ...]
    items: tuple[Item, ...]
    chronicle: tuple[tuple[dt.date | None, dt.date | None, str], ...]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    clause: str
    grade: Grade
    words: Words


def check(issue: Whole) -> tuple[Finding, ...]:
    """Return what every check found; a check without a fault passes."""
    found: list[Finding] = []
    for clause, name, run in _CHECKS:
        faults = list(run(issue))
        found += [Finding(clause, grade, words) for grade, words in faults]
        if not faults:
            found.append(Finding(clause, "pass", name))
    return tuple(found)


Faults = Iterator[tuple[Grade, Words]]


def agreement(issue: Whole) -> Faults:
    """Year, number and serial number stand on the cover and again on the front page, and must agree (GAZ-C-8)."""
    head = unicodedata.normalize("NFKC", "".join(issue.source[:1500].split()))
    wanted = {
        "年份": (re.findall(r"((?:19|20)\d{2})年(?:第|\(总)?", head.split("目录")[0]), str(issue.year)),
        "期号": (re.findall(r"(?<!总)第(\d+)期", head.split("目录")[0]), str(issue.number)),
        "总期号": (re.findall(r"总第(\d+)期", head.split("目录")[0]), str(issue.serial or "")),
    }
    for name, (seen, own) in wanted.items():
        odd = sorted({s for s in seen if own and s != own})
        if odd:
            yield (
                "fail",
                Words(f"{name}前后不一：{'、'.join(odd)} 与 {own}。", f"{name}: {', '.join(odd)} beside {own}."),
            )


def sequence(issue: Whole) -> Faults:
    """The serial number is one more than that of the issue before (GAZ-C-5)."""
    if issue.serial is not None and issue.before is not None and issue.serial != issue.before + 1:
        yield (
            "warn",
            Words(
                f"上一期总第{issue.before}期，本期总第{issue.serial}期。",
                f"Serial {issue.serial} follows {issue.before}.",
            ),
        )


def period(issue: Whole) -> Faults:
    """A quarterly's number names its quarter, and it is printed when the quarter is over (GAZ-C-9, GAZ-C-7)."""
    if not 1 <= issue.number <= 4:
        yield "warn", Words(f"期号{issue.number}与季度对不上。", f"Number {issue.number} names no quarter.")
    elif issue.printed_on and issue.printed_on <= _ends(issue):
        yield "warn", Words("刊印日期早于所涉时段结束。", "Printed before its period ended.")


def _ends(issue: Whole) -> dt.date:
    last = quarter(issue.number)[1]
    return dt.date(issue.year + (last == 12), last % 12 + 1, 1) - dt.timedelta(days=1)


def by_issuer(issue: Whole) -> Faults:
    """Documents of the government stand in its column, those of its office in the office's (GAZ-T-3)."""
    for item in issue.items:
        line = line_for(issue.lines, item.title)
        if line and line.column and ("办公室" in item.issuer) != ("办公室" in line.column):
            yield (
                "warn",
                Words(
                    f"《{item.title}》由{item.issuer}印发，却列在“{line.column}”。",
                    f"{item.issuer} stands under {line.column}.",
                ),
            )


def pages(issue: Whole) -> Faults:
    """Pages of the contents begin at 1 and rise (GAZ-T-5)."""
    numbers = [line.page for line in issue.lines]
    if numbers and numbers[0] != 1:
        yield "warn", Words(f"目录从第{numbers[0]}页起。", f"The contents begin at page {numbers[0]}.")
    for one, two in pairwise(numbers):
        if two <= one:
            yield "fail", Words(f"目录页码{one}之后是{two}。", f"Page {two} follows page {one}.")


def interpretation_follows(issue: Whole) -> Faults:
    """In the contents every document is followed by its interpretation (GAZ-T-6)."""
    for line, after in zip(issue.lines, (*issue.lines[1:], None), strict=True):
        wants = not line.is_interpretation and "大事记" not in line.title
        if wants and (after is None or not after.is_interpretation):
            yield "fail", Words(f"“{line.title}”之后没有紧跟政策解读。", f"No interpretation follows {line.title}.")


def order_in_column(issue: Whole) -> Faults:
    """Within a column documents follow by their date (GAZ-T-7)."""
    days: dict[str, list[dt.date]] = {}
    for item in issue.items:
        line = line_for(issue.lines, item.title)
        if item.issued_on:
            days.setdefault(line.column if line else item.issuer, []).append(item.issued_on)
    for column, listed in days.items():
        if listed != sorted(listed):
            yield (
                "warn",
                Words(f"“{column}”内的文件没有按日期排列。", f"{column}: documents are not in order of their days."),
            )


def chronicle_last(issue: Whole) -> Faults:
    """The chronicle comes last, and its line shows its period (GAZ-T-8)."""
    at = [n for n, line in enumerate(issue.lines) if "大事记" in line.title]
    if at and at[-1] != len(issue.lines) - 1:
        yield "fail", Words("大事记没有排在最后。", "The chronicle does not come last.")
    if at and not re.search(r"\d{4}\s*年", issue.lines[at[-1]].title):
        yield "warn", Words("目录中的大事记没有注明时段。", "The line of the chronicle shows no period.")
    if issue.chronicle and issue.lines and not at:
        yield "fail", Words("目录中没有大事记。", "The contents lack the chronicle.")


def contents_titles(issue: Whole) -> Faults:
    """Every document has its line in the contents under its short title (GAZ-T-9)."""
    for item in issue.items:
        if issue.lines and line_for(issue.lines, item.title) is None:
            yield "fail", Words(f"目录中没有《{item.title}》。", f"The contents lack {item.title}.")


def numbers(issue: Whole) -> Faults:
    """Document numbers are complete, or known to be missing (GAZ-N-3)."""
    for item in issue.items:
        if not item.number:
            yield "warn", Words(f"《{item.title}》没有文号。", f"{item.title} has no number.")
        elif not is_complete(item.number):
            yield (
                "fail",
                Words(f"《{item.title}》的文号“{item.number}”不完整。", f"The number {item.number} is incomplete."),
            )


def signature(issue: Whole) -> Faults:
    """The unit that signs is the issuer (GAZ-N-8)."""
    for item in issue.items:
        signed = signing_unit(item.text)
        if signed and item.issuer and signed != item.issuer:
            yield (
                "fail",
                Words(
                    f"《{item.title}》落款{signed}，发文机关{item.issuer}。", f"{signed} signs, {item.issuer} issues."
                ),
            )


def signing_unit(text: str) -> str:
    """Return the unit above the day of writing, or an empty text."""
    match = re.search(
        r"\n[ 　]*([\u4e00-\u9fff]{2,24}(?:人民政府|办公室|委员会|局))[ 　]*\n"
        r"\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日",
        text,
    )
    return match[1] if match else ""


def days(issue: Whole) -> Faults:
    """Every document has its day, and none is written after the issue was printed (GAZ-N-9)."""
    for item in issue.items:
        if item.issued_on is None:
            yield "fail", Words(f"《{item.title}》没有成文日期。", f"{item.title} has no day.")
        elif issue.printed_on and item.issued_on > issue.printed_on:
            yield "fail", Words(f"《{item.title}》的成文日期晚于刊印日期。", f"{item.title} is dated after printing.")


def marks(issue: Whole) -> Faults:
    """Every document carries a disclosure mark before it is published (GAZ-X-3)."""
    for item in issue.items:
        if not item.disclosure:
            yield (
                "fail",
                Words(f"《{item.title}》未标注公开属性，公开前须补。", f"{item.title} has no disclosure mark."),
            )


def interpretations(issue: Whole) -> Faults:
    """Every document has its interpretation (GAZ-P-0)."""
    for item in issue.items:
        if not item.told.strip():
            yield "fail", Words(f"《{item.title}》没有政策解读。", f"{item.title} has no interpretation.")


def contradictions(issue: Whole) -> Faults:
    """Figures, days and cited titles of an interpretation stand in its document too (GAZ-P-6)."""
    for item in issue.items:
        differing = differences(item.text, item.told)
        if differing:
            said = "、".join(differing[:6])
            yield (
                "warn",
                Words(
                    f"《{item.title}》的解读有而文件没有：{said}。",
                    f"Only in the interpretation of {item.title}: {said}.",
                ),
            )


_STATED = re.compile(r"\d+(?:\.\d+)?\s?(?:%|元|万元|平方米|㎡|户|个工作日|天|小时)|\d{4}年\d{1,2}月\d{1,2}日")


def differences(text: str, told: str) -> list[str]:
    """Return figures with their unit, and days, that an interpretation states and its document does not."""

    def stated(words: str) -> list[str]:
        plain = "".join(unicodedata.normalize("NFKC", words).split())
        return [m[0].replace("m2", "平方米") for m in _STATED.finditer(plain)]

    held = set(stated(text))
    return [s for s in dict.fromkeys(stated(told)) if s not in held]


def execution_stated(issue: Whole) -> Faults:
    """Scope and start that an interpretation states are those of its document (GAZ-P-5)."""
    for item in issue.items:
        own, told = execution(item.text, item.issued_on), execution(item.told, item.issued_on)
        for words in compare(own, told):
            yield "warn", Words(f"《{item.title}》：{words.zh}", f"{item.title}: {words.en}")


def chronicle_order(issue: Whole) -> Faults:
    """Entries follow by the day they begin (CHRON-0-5)."""
    begun = [day for day, _, _ in issue.chronicle if day]
    if begun != sorted(begun):
        yield "warn", Words("大事记没有按日期排列。", "The chronicle is not in order of its days.")


def chronicle_period(issue: Whole) -> Faults:
    """All days of the chronicle lie in the period of the issue (CHRON-0-6)."""
    if not 1 <= issue.number <= 4:
        return
    first, last = dt.date(issue.year, quarter(issue.number)[0], 1), _ends(issue)
    for begun, ended, text in issue.chronicle:
        if any(day is not None and not first <= day <= last for day in (begun, ended)):
            yield "warn", Words(f"大事记条目超出时段：{text[:20]}…", f"An entry lies outside the period: {begun}.")


def meetings(issue: Whole) -> Faults:
    """Numbers of executive meetings rise without gap or repetition (CHRON-0-11)."""
    for year, odd in missing_meetings([text for _, _, text in issue.chronicle]).items():
        said = "、".join(map(str, odd))
        yield (
            "warn",
            Words(
                f"{year}年常务会议第{said}次缺号或重号。", f"Executive meetings of {year}: {said} missing or repeated."
            ),
        )


def titles_match(issue: Whole) -> Faults:
    """The title over an interpretation is that of its line in the contents (GAZ-T-9, GAZ-P-3)."""
    for item in issue.items:
        if item.told_title and issue.lines and line_for(issue.lines, item.told_title, interpretation=True) is None:
            yield (
                "warn",
                Words(
                    f"解读标题与目录不一致：{normal_title(item.told_title)}。",
                    f"Title not in the contents: {item.told_title}.",
                ),
            )


_CHECKS: Sequence[tuple[str, Words, Callable[[Whole], Faults]]] = (
    ("GAZ-C-5", Words("总期号连续", "Serial numbers in sequence"), sequence),
    ("GAZ-C-8", Words("封面与刊首一致", "Cover and front page agree"), agreement),
    ("GAZ-C-9", Words("期号与季度对应", "Number and quarter agree"), period),
    ("GAZ-T-3", Words("栏目与发文机关相符", "Columns fit the issuers"), by_issuer),
    ("GAZ-T-5", Words("页码递增", "Pages rise"), pages),
    ("GAZ-T-6", Words("文件后紧跟解读", "Interpretations follow"), interpretation_follows),
    ("GAZ-T-7", Words("栏目内按日期", "In order of their days"), order_in_column),
    ("GAZ-T-8", Words("大事记在末尾并注明时段", "The chronicle comes last"), chronicle_last),
    ("GAZ-T-9", Words("目录有每份文件", "Every document is in the contents"), contents_titles),
    ("GAZ-N-3", Words("文号完整", "Numbers are complete"), numbers),
    ("GAZ-N-8", Words("落款即发文机关", "The issuer signs"), signature),
    ("GAZ-N-9", Words("成文日期不晚于刊印", "Days before printing"), days),
    ("GAZ-P-0", Words("一文件一解读", "Every document is interpreted"), interpretations),
    ("GAZ-P-3", Words("解读标题与目录一致", "Titles of interpretations agree"), titles_match),
    ("GAZ-P-5", Words("解读的范围与时间和文件一致", "Scope and start agree"), execution_stated),
    ("GAZ-P-6", Words("解读与文件不矛盾", "No contradictions"), contradictions),
    ("GAZ-X-3", Words("都有公开属性", "All carry a mark"), marks),
    ("CHRON-0-5", Words("大事记按日期", "The chronicle is in order"), chronicle_order),
    ("CHRON-0-6", Words("大事记日期在时段内", "The chronicle lies in its period"), chronicle_period),
    ("CHRON-0-11", Words("常务会议序号连续", "Meetings in sequence"), meetings),
)
