"""Issues of the gazette, one issue with its contents, and the register of cited documents."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.words import Words
from luoshi.gazette.models import CitedDocument, Issue
from luoshi.gazette.publication import contents, documents, precheck
from luoshi.gazette.publication.pages.asking import asking
from luoshi.gazette.publication.visibility import Reader
from luoshi.office import rail
from luoshi.office.plans.models import Document

rail.add("public", "gazette-issues", Words("政府公报", "Gazette"), public=True, order=10)


def all_issues(request: HttpRequest) -> HttpResponse:
    """Show the issues of the county, newest first."""
    ask = asking(request)
    rows = Issue.objects.filter(county=ask.county).annotate(items_count=Count("items")).order_by("-year", "-number")
    loose = ask.reader.listed(Document.objects.filter(issue_item__isnull=True, replaced_on__isnull=True))
    shown = {
        "issues": list(rows.defer("proposal__text")[:200]),
        "loose": list(loose.defer("text").order_by("-issued_on", "-pk")[:100]),
        "title": Words("政府公报", "Government gazette"),
    }
    return render(request, "gazette/public/issues.html", shown)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the contents: what, where it begins, and whether its words can be read."""

    page: int | None
    title: str
    number: str
    day: dt.date | None
    disclosure: str
    disclosure_zh: str
    open: bool
    href: str
    interpretation_href: str = ""
    interpretation_page: int | None = None


def one_issue(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Show one issue: its record, its contents by column, its chronicle, its imprint."""
    ask = asking(request)
    issue = Issue.objects.filter(county=ask.county, year=year, number=number).select_related("proposal").first()
    if issue is None:
        raise Http404
    printed = contents.contents(issue.proposal.text)
    first, last = contents.quarter(issue.number)
    chronicle = list(issue.chronicle.order_by("order").values_list("from_on", "to_on"))
    days = [d for pair in chronicle for d in pair if d]
    shown: dict[str, Any] = {
        "issue": issue,
        "columns": columns(ask.reader, issue, printed),
        "quarter": Words(
            f"第{issue.number}季度（{first}月至{last}月）", f"quarter {issue.number} (months {first} to {last})"
        )
        if issue.number <= 4
        else None,
        "chronicle": len(chronicle),
        "period": (min(days), max(days)) if days else None,
        "chronicle_page": next((li.page for li in printed if "大事记" in li.title), None),
        "mongolian": contents.mongolian_title(issue.proposal.text),
        "officer": ask.reader.officer,
        "imprint": imprint(issue.proposal.text),
        "neighbours": _neighbours(issue),
    }
    return render(request, "gazette/public/issue.html", shown)


def columns(reader: Reader, issue: Issue, printed: tuple[contents.ContentsLine, ...]) -> list[tuple[str, list[Line]]]:
    """Return the contents by column, in order; a column is the printed one, else the issuer."""
    found: dict[str, list[Line]] = {}
    for item in issue.items.select_related("document").defer("document__text").order_by("order"):
        row = item.document
        if not reader.lists(row):
            continue
        line = contents.line_for(printed, row.title_zh)
        told = contents.line_for(printed, row.interpretation_title or row.title_zh, interpretation=True)
        told = told or contents.line_after(printed, line)
        href = f"/d/{row.code}/"
        found.setdefault(line.column if line and line.column else row.issuer_zh, []).append(
            Line(
                item.page or (line.page if line else None),
                row.title_zh,
                row.number or row.number_printed,
                row.issued_on,
                row.disclosure,
                row.get_disclosure_display(),
                reader.reads_text(row),
                href,
                f"{href}?show=interpretation" if documents.interpretation_span(row) else "",
                told.page if told else None,
            )
        )
    return list(found.items())


def imprint(text: str) -> list[tuple[Words, str]]:
    """Return what the last page prints: sponsor, postal code, address. Only lines that are there."""
    labels = (
        ("主办", Words("主办", "Sponsor")),
        ("邮政编码", Words("邮政编码", "Postal code")),
        ("地址", Words("地址", "Address")),
    )
    found = []
    for line in text[-600:].split("\n"):
        bare = line.strip()
        for key, label in labels:
            if key == "主办" and bare.endswith("主办"):
                found.append((label, bare.removesuffix("主办")))
            elif bare.startswith((f"{key}：", f"{key}:")):
                found.append((label, bare.split("：" if "：" in bare else ":", 1)[1].strip()))
    return found


def _neighbours(issue: Issue) -> list[Issue]:
    rows = Issue.objects.filter(county_id=issue.county_id).order_by("year", "number").defer("proposal__text")
    listed = list(rows)
    at = next(n for n, row in enumerate(listed) if row.pk == issue.pk)
    return listed[max(0, at - 1) : at] + listed[at + 1 : at + 2]


def precheck_page(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Show officers the completeness check of an issue (GAZ-L-3)."""
    ask = asking(request)
    if not ask.reader.officer:
        raise Http404
    issue = Issue.objects.filter(county=ask.county, year=year, number=number).select_related("proposal").first()
    if issue is None:
        raise Http404
    found = precheck.check(whole(issue))
    order = {"fail": 0, "warn": 1, "pass": 2}
    shown = {
        "issue": issue,
        "findings": sorted(found, key=lambda f: order[f.grade]),
        "counts": [(g, sum(f.grade == g for f in found)) for g in order],
        "title": Words("刊印前完整性检查", "Completeness check before printing"),
    }
    return render(request, "gazette/public/precheck.html", shown)


def whole(issue: Issue) -> precheck.Whole:
    """Return an issue as the check sees it."""
    items = []
    for item in issue.items.select_related("document").order_by("order"):
        row = item.document
        told = documents.interpretation_span(row)
        words = row.text[row.span_from : row.span_to]
        if told and row.span_from <= told[0] < row.span_to:
            words = row.text[row.span_from : told[0]] + row.text[told[1] : row.span_to]
        items.append(
            precheck.Item(
                row.title_zh,
                row.issuer_zh,
                row.number or row.number_printed,
                row.issued_on,
                row.disclosure,
                words,
                row.interpretation_title,
                row.text[told[0] : told[1]] if told else "",
            )
        )
    before = Issue.objects.filter(county_id=issue.county_id, year__lte=issue.year).exclude(pk=issue.pk)
    last = before.exclude(year=issue.year, number__gte=issue.number).order_by("-year", "-number").first()
    return precheck.Whole(
        issue.year,
        issue.number,
        issue.serial,
        issue.printed_on,
        issue.proposal.text,
        contents.contents(issue.proposal.text),
        tuple(items),
        tuple(issue.chronicle.order_by("order").values_list("from_on", "to_on", "text")),
        last.serial if last else None,
    )


def basis(request: HttpRequest) -> HttpResponse:
    """Show what the county's documents cite: linked where it is here, else as a register of grounds."""
    ask = asking(request)
    rows = CitedDocument.objects.filter(county=ask.county, citing__in=ask.reader.readable(Document.objects.all()))
    grouped: dict[tuple[str, str], dict[str, Any]] = {}
    links: dict[str, str] = {}
    for row in (
        rows.select_related("citing").defer("citing__text").order_by("title", "number", "citing_id", "span_from")
    ):
        key = (row.title, row.number)
        entry = grouped.setdefault(key, {"printed": row.printed, "by": {}, "title": row.title, "number": row.number})
        entry["by"].setdefault(row.citing.code, row.citing.title_zh)
    if grouped:
        links = documents.links_for(ask.reader, Document(county=ask.county, code=""))
    for (title, number), entry in grouped.items():
        entry["href"] = links.get(number) or links.get(title, "")
        entry["by"] = [{"href": f"/d/{code}/", "title": name} for code, name in entry["by"].items()][:6]
    shown = {"rows": list(grouped.values())[:400], "title": Words("引用文件登记", "Register of cited documents")}
    return render(request, "gazette/public/basis.html", shown)
