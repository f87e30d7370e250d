"""What of a text the public must not see: numbers of persons, ways to reach them, names of the house's people. Pure.

Leans to hiding too much. ``core.identity_search`` finds resident numbers, bank cards and mobile numbers; here stand
telephone numbers of the fixed net, mail addresses, what stands behind 联系人 and its like, and names that are given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from luoshi.core.identity_search import find_identity_numbers
from luoshi.core.words import Words

Kind = Literal["number", "phone", "mail", "name"]
KINDS: dict[Kind, Words] = {
    "number": Words("公民身份号码、银行卡号或手机号", "an ID, bank-card or mobile number"),
    "phone": Words("电话号码", "a telephone number"),
    "mail": Words("电子邮箱", "a mail address"),
    "name": Words("个人姓名", "a person's name"),
}
_HAN = "\u4e00-\u9fff"
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+ ?[@＠] ?[A-Za-z0-9\-]+(?:[.．][A-Za-z0-9\-]+)+")
_FIXED = re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[ \-－—]{0,2}[1-9]\d{6,7}(?!\d)")
_LABELLED_PHONE = re.compile(
    r"(?:电话|热线|传真|手机|微信|QQ)[^\d\n。；;]{0,6}(?P<hit>\d[\d\- ]{4,18}\d)(?!\d|年|月|日)"
)
_LABELLED_NAME = re.compile(
    r"(?:联系人|联络员|经办人|负责人|举报人|投诉人|户主|姓名|当事人)[ 　]*[:：为是][ 　]*"
    rf"(?P<hit>[{_HAN}](?:[ 　]?[{_HAN}·]){{1,3}})"
)
_NO_NAME = re.compile(r"[员办局科室处组县镇村长部院所站会]$")
"""An account may be called after its post; such a word is no name and stays."""


@dataclass(frozen=True, slots=True)
class Found:
    """What must not be public: ``text[start:end]`` and why."""

    start: int
    end: int
    kind: Kind


def found(text: str, names: Iterable[str] = ()) -> tuple[Found, ...]:
    """Return what must not be public, in order and without overlap. ``names`` are those of the house's people."""
    hits = [Found(n.start, n.end, "number") for n in find_identity_numbers(text)]
    hits += [Found(m.start(), m.end(), "mail") for m in _MAIL.finditer(text)]
    hits += [Found(m.start(), m.end(), "phone") for m in _FIXED.finditer(text)]
    hits += [Found(m.start("hit"), m.end("hit"), "phone") for m in _LABELLED_PHONE.finditer(text)]
    hits += [Found(m.start("hit"), m.end("hit"), "name") for m in _LABELLED_NAME.finditer(text)]
    for name in names:
        if len(name) > 1 and name in text and not _NO_NAME.search(name):
            hits += [Found(m.start(), m.end(), "name") for m in re.finditer(re.escape(name), text)]
    kept: list[Found] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if kept and hit.start < kept[-1].end:
            kept[-1] = Found(kept[-1].start, max(kept[-1].end, hit.end), kept[-1].kind)
        else:
            kept.append(hit)
    return tuple(kept)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """Return the text with everything hidden that must not be public, sign for sign."""
    pieces, at = list[str](), 0
    for hit in found(text, names):
        sign = "×" if hit.kind == "name" else "*"
        pieces += [text[at : hit.start], "".join(c if c.isspace() else sign for c in text[hit.start : hit.end])]
        at = hit.end
    return "".join([*pieces, text[at:]])
