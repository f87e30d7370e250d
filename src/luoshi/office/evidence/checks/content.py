"""The check every uploaded file goes through: what it is, whether it may be taken, what speaks against it."""

import zipfile
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from pathlib import Path

from luoshi.core.words import Words
from luoshi.office.evidence.checks import archive
from luoshi.office.evidence.checks.archive import Limits, Source, Unreadable
from luoshi.office.evidence.checks.finding import Finding, Level
from luoshi.office.evidence.checks.image import MAX_PIXELS, check_image
from luoshi.office.evidence.checks.kinds import ALLOWED, KINDS, FileType, encoding_of, ending, guess, sniff
from luoshi.office.evidence.checks.office_files import check_office
from luoshi.office.evidence.checks.pdf_files import check_pdf

_SINGLE = frozenset({"jpg", "png", "webp", "heic", "gif", "pdf"})
_AGAIN = Words("请重新导出或重新拍摄后上传。", "Export or take it again and upload that.")
_UNREADABLE = {
    "broken": Words("文件损坏，读不到结尾。", "The file is damaged; it cannot be read to its end."),
    "too_many": Words("压缩包里的文件过多。", "The archive holds too many files."),
    "too_large": Words("解压后过大，疑似压缩炸弹。", "It grows too large when unpacked, as a zip bomb does."),
    "ratio": Words("压缩比过高，疑似压缩炸弹。", "Its compression ratio is that of a zip bomb."),
    "encrypted": Words("压缩包有密码，无法核对内容。", "The archive has a password; its content cannot be checked."),
    "method": Words(
        "使用了少见的压缩方法，无法核对内容。", "It uses a rare compression method; its content cannot be checked."
    ),
    "markup": Words("文档的 XML 含有实体声明。", "The document's XML declares entities."),
}


@dataclass(frozen=True, slots=True)
class FileRules:
    """What may be taken: kinds, bytes, pixels of a picture, limits of archives."""

    allowed: Set[str] = ALLOWED
    max_bytes: int = 50 * 1024 * 1024
    max_pixels: int = MAX_PIXELS
    limits: Limits = field(default_factory=Limits)


def check_file(name: str, source: Source, rules: FileRules | None = None) -> list[Finding]:
    """Return the findings on one uploaded file, the first being its kind or why it is not taken.

    ``name`` is the name the sender gave. Nothing is decoded or unpacked before its size is known to be within the
    rules.
    """
    rules = rules or FileRules()
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size == 0:
        return [_refused("empty", "文件是空的。", "The file is empty.", _AGAIN)]
    if size > rules.max_bytes:
        most = rules.max_bytes >> 20
        remedy = Words("请压缩图片或分开上传。", "Make the picture smaller or upload it in parts.")
        return [_refused("too_big", f"文件超过 {most} MB。", f"The file is larger than {most} MB.", remedy, bytes=size)]
    found = sniff(source)
    if found is None:
        return [_unknown(source)]
    if found.dangerous or found.kind not in rules.allowed:
        return [_not_taken(found, rules.allowed)]
    if found.kind in _SINGLE and _also_zip(source):
        zh, en = "文件同时也是压缩包，藏有其他内容。", "The file is a zip archive as well and hides other content."
        return [_refused("polyglot", zh, en, _AGAIN, kind=found.kind)]
    kind = Finding("kind", "ok", Words(f"文件是{found.zh}。", f"The file is {found.media_type}."), {"kind": found.kind})
    return [kind, *_named(name, found), *_CHECKS[found.kind](source, rules)]


def _also_zip(source: Source) -> bool:
    with archive.opened(source) as stream:
        return zipfile.is_zipfile(stream)


def _refused(code: str, zh: str, en: str, remedy: Words, **facts: object) -> Finding:
    return Finding(code, "refuse", Words(zh, en), facts, remedy)


def _unknown(source: Source) -> Finding:
    other = guess(source)
    zh = f"认不出文件类型{f'（可能是 {other}）' if other else ''}，或文本编码损坏。"
    en = f"The file's type is not known{f' (perhaps {other})' if other else ''}, or its text encoding is broken."
    return _refused("kind_unknown", zh, en, _allowed_words(ALLOWED), guess=other)


def _not_taken(found: FileType, allowed: Set[str]) -> Finding:
    if found.dangerous:
        zh, en = (
            f"这是{found.zh}，可能带有可执行内容，不予接收。",
            f"This is {found.media_type}; it can run code and is not taken.",
        )
        return _refused("kind_dangerous", zh, en, _allowed_words(allowed), kind=found.kind)
    zh, en = (
        f"这是{found.zh}，不在可接收的类型之内。",
        f"This is {found.media_type}, which is not among the kinds taken.",
    )
    return _refused("kind_not_allowed", zh, en, _allowed_words(allowed), kind=found.kind)


def _allowed_words(allowed: Set[str]) -> Words:
    kinds = [KINDS[kind] for kind in sorted(allowed)]
    endings = " ".join(kind.endings[0] for kind in kinds)
    return Words(f"请转换为以下类型之一再上传：{endings}", f"Convert it to one of these and upload that: {endings}")


def _named(name: str, found: FileType) -> list[Finding]:
    """Compare the name's ending with the content. txt and csv are told apart by use, not by content."""
    claimed = ending(name)
    fits = claimed in found.endings or ({claimed, "." + found.kind} <= {".txt", ".csv"})
    if fits:
        return []
    right = Path(name).stem[:80] + found.endings[0]
    words = Words(
        f"文件名以“{claimed or '（无后缀）'}”结尾，内容却是{found.zh}。",
        f"The name ends in “{claimed or '(nothing)'}” but the content is {found.media_type}.",
    )
    remedy = Words(f"如内容无误，请改名为“{right}”。", f"If the content is right, rename it to “{right}”.")
    return [Finding("name_differs", "warn", words, {"ending": claimed, "kind": found.kind}, remedy)]


def _text(source: Source, rules: FileRules) -> list[Finding]:
    data = source if isinstance(source, bytes) else source.read_bytes()
    encoding = encoding_of(data)
    if encoding is None:
        remedy = Words("请另存为 UTF-8 编码后上传。", "Save it as UTF-8 and upload that.")
        return [_refused("encoding", "文本编码前后不一致或已损坏。", "The text's encoding is mixed or broken.", remedy)]
    return [
        Finding("encoding", "ok", Words(f"文本编码为 {encoding}。", f"The text is {encoding}."), {"encoding": encoding})
    ]


def _zip(source: Source, rules: FileRules) -> list[Finding]:
    try:
        held = archive.survey(source, rules.limits)
    except Unreadable as reason:
        return [_unreadable(reason)]
    findings = []
    remedy = Words("请解压后只上传需要的文件。", "Unpack it and upload only the files that are needed.")
    if held.unsafe:
        zh, en = "压缩包内的文件名会写到别的目录。", "Names in the archive lead outside its folder."
        return [_refused("zip_path", zh, en, remedy, names=list(held.unsafe[:10]))]
    if held.prefixed:
        findings.append(
            _doubt("hidden_data", "warn", "文件开头藏有其他内容。", "Other content stands before the archive.", remedy)
        )
    if held.nested:
        zh, en = "压缩包里还有压缩包或文档。", "The archive holds further archives or documents."
        findings.append(_doubt("zip_nested", "warn", zh, en, remedy, names=list(held.nested[:10])))
    facts = {"files": len(held.names), "bytes": held.uncompressed}
    return [*findings, Finding("zip", "ok", Words("压缩包可以读到结尾。", "The archive reads to its end."), facts)]


def _office(source: Source, rules: FileRules) -> list[Finding]:
    findings = _zip(source, rules)
    if any(finding.level == "refuse" for finding in findings):
        return findings
    try:
        return findings + check_office(source, rules.limits)
    except Unreadable as reason:
        return [_unreadable(reason)]


def _unreadable(reason: Unreadable) -> Finding:
    words = _UNREADABLE[reason.code]
    bomb = reason.code in ("too_many", "too_large", "ratio")
    facts = {"entry": reason.entry, "amount": reason.amount, "reason": reason.code}
    return Finding("zip_bomb" if bomb else reason.code, "refuse", words, facts, _AGAIN)


def _doubt(code: str, level: Level, zh: str, en: str, remedy: Words, **facts: object) -> Finding:
    return Finding(code, level, Words(zh, en), facts, remedy)


def _pdf(source: Source, rules: FileRules) -> list[Finding]:
    return check_pdf(source)


def _picture(source: Source, rules: FileRules) -> list[Finding]:
    found = sniff(source)
    assert found is not None, "the kind was found before"
    data = source if isinstance(source, bytes) else source.read_bytes()
    return check_image(found.kind, data, max_pixels=rules.max_pixels)


def _as_is(source: Source, rules: FileRules) -> list[Finding]:
    return []


_CHECKS: dict[str, Callable[[Source, FileRules], list[Finding]]] = {
    **dict.fromkeys(KINDS, _as_is),
    "txt": _text,
    "csv": _text,
    "zip": _zip,
    "docx": _office,
    "xlsx": _office,
    "pptx": _office,
    "pdf": _pdf,
    "jpg": _picture,
    "png": _picture,
    "webp": _picture,
}
