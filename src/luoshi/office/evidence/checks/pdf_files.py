"""What a pdf does besides showing pages: script, actions on opening, attached files, encryption, no text."""

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from luoshi.core.words import Words
from luoshi.office.evidence.checks import archive
from luoshi.office.evidence.checks.archive import Source
from luoshi.office.evidence.checks.finding import Finding

_REPRINT = Words(
    "请重新“打印为 PDF”或另存后上传，附件请单独上传。",
    "Print it to pdf again and upload that; upload attachments on their own.",
)


def check_pdf(source: Source) -> list[Finding]:
    """Return what speaks against a pdf; facts carry the number of pages.

    Only the document's own catalogue is read: script hidden on single pages or form fields is reported by viewers that
    refuse to run it, not here.
    """
    with archive.opened(source) as stream:
        try:
            reader = PdfReader(stream, strict=False)
            if reader.is_encrypted:
                return [_locked()]
            catalogue = reader.root_object
            names = catalogue.get("/Names", {})
            names = names.get_object() if hasattr(names, "get_object") else names
            active = [key for key in ("/OpenAction", "/AA") if _acts(catalogue, key)]
            active += [key for key in ("/JavaScript",) if key in names]
            attached = "/EmbeddedFiles" in names
            pages = len(reader.pages)
        except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            return [_broken(type(error).__name__)]
    findings = []
    if active:
        words = Words("PDF 打开时会执行动作或脚本。", "The pdf runs an action or script when opened.")
        findings.append(Finding("pdf_active", "warn", words, {"entries": active}, _REPRINT))
    if attached:
        words = Words("PDF 里还附有其他文件。", "Other files are attached inside the pdf.")
        findings.append(Finding("pdf_attachment", "warn", words, {}, _REPRINT))
    words = Words(f"PDF 共 {pages} 页。", f"The pdf has {pages} pages.")
    return [*findings, Finding("pdf_pages", "ok", words, {"pages": pages})]


def _acts(catalogue: object, key: str) -> bool:
    """Say whether an opening action does more than go to a page."""
    value = catalogue.get(key)  # type: ignore[attr-defined]
    value = value.get_object() if hasattr(value, "get_object") else value
    return isinstance(value, dict) and value.get("/S") not in (None, "/GoTo")


def _locked() -> Finding:
    words = Words("PDF 有密码，无法核对内容。", "The pdf has a password; its content cannot be checked.")
    return Finding(
        "pdf_encrypted", "refuse", words, {}, Words("请去掉密码后上传。", "Remove the password and upload it.")
    )


def _broken(kind: str) -> Finding:
    words = Words("PDF 损坏或不完整。", "The pdf is damaged or incomplete.")
    return Finding("broken", "refuse", words, {"reason": kind}, _REPRINT)
