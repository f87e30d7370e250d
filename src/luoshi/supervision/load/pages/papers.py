"""Papers as files to whoever may read them, and the circulars that are public."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.supervision.load import papers
from luoshi.supervision.load.models import OfficePaper
from luoshi.supervision.load.readables import PAPER
from luoshi.supervision.pages import asking

rail.add("public", "circulars", Words("公开通报", "Public circulars"), public=True, order=70)
SHOWN = 100
PUBLIC_KINDS = ("circular", "praise")


@require_safe
def file(request: HttpRequest, paper_id: int, form: str) -> HttpResponse:
    """Hand one paper out as docx or pdf, set from what was stored when it was issued."""
    if (stopped := asking.barred(request, PAPER)) is not None:
        return stopped
    row = PAPER.visible(asking.actor_of(request), OfficePaper.objects.all()).filter(pk=paper_id).first()
    if row is None or form not in papers.MEDIA:
        raise Http404
    name = quote(f"{row.document_number} {row.title}.{form}")
    return HttpResponse(
        papers.set_as(row, form),
        content_type=papers.MEDIA[form],
        headers={
            "Content-Disposition": f"attachment; filename=\"paper-{row.pk}.{form}\"; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_safe
def circulars(request: HttpRequest) -> HttpResponse:
    """Show the circulars that were made public, the latest first."""
    rows = OfficePaper.objects.filter(
        county_id=asking.actor_of(request).county_id, press__public=True, kind__in=PUBLIC_KINDS
    ).order_by("-issued_on", "-pk")[:SHOWN]
    shown_with = {
        "title": Words("公开通报", "Public circulars"),
        "papers": [
            {"number": p.document_number, "title": p.title, "issuer": p.issuer, "to": p.recipient, "on": p.issued_on,
             "body": p.body}
            for p in rows
        ],
    }  # fmt: skip
    return render(request, "load/circulars.html", shown_with)
