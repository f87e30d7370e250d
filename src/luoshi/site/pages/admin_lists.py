"""What the ledgers of administration share: keyset pages by id, and the words of the filters in force."""

from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from luoshi.core.words import Words
from luoshi.office.ledger import FilterWord, Pager

PAGE = 50
M = TypeVar("M", bound=Model)


def number(text: str) -> int:
    """Return a row id given in an address, or 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def page_of(request: HttpRequest, rows: QuerySet[M], *, newest_first: bool = False) -> tuple[list[M], Pager]:
    """Return one page of rows and its pager; the address carries only the id after which it begins."""
    after = number(request.GET.get("after", ""))
    if after:
        rows = rows.filter(pk__lt=after) if newest_first else rows.filter(pk__gt=after)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: PAGE + 1])
    more = len(found) > PAGE
    shown = found[:PAGE]
    said = Words(f"本页{len(shown)}条", f"{len(shown)} on this page")
    first = without(request, "after") if after else ""
    return shown, Pager(said, first, with_(request, after=str(shown[-1].pk)) if more else "")


def with_(request: HttpRequest, **changed: str) -> str:
    """Return the address of this page with some of its words changed."""
    return "?" + urlencode({**request.GET.dict(), **changed})


def without(request: HttpRequest, *names: str) -> str:
    """Return the address of this page without some of its words."""
    return "?" + urlencode({k: v for k, v in request.GET.items() if k not in names})


def filter_words(request: HttpRequest, named: dict[str, Words]) -> tuple[FilterWord, ...]:
    """Return the filters in force as words that a click takes away."""
    return tuple(
        FilterWord(Words(f"{w.zh}：{value}", f"{w.en}: {value}"), without(request, name, "after"))
        for name, w in named.items()
        if (value := request.GET.get(name, "").strip())
    )
