"""The papers of a confirmed form: docx, pdf, xlsx."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from luoshi.office.papers import docx, pdf
from luoshi.supervision.pages import asking
from luoshi.supervision.reporting import papers, queries
from luoshi.supervision.reporting.models import FilingVersion
from luoshi.supervision.reporting.readables import FILING

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def page(request: HttpRequest, filing_id: int, kind: str) -> HttpResponse:
    """Return a confirmed form as a file; a draft is no paper yet and gives 404."""
    if (stopped := asking.barred(request, FILING)) is not None:
        return stopped
    filing = queries.one(asking.actor_of(request), filing_id)
    if filing is None or kind not in TYPES:
        raise Http404
    wanted = asking.whole("version", request.GET.get("version"))
    versions = FilingVersion.objects.filter(filing=filing)
    # Without a version the last one that stands: what was taken back or sent back is given only when asked for.
    version = (
        versions.filter(number=wanted).first()
        if wanted is not None
        else versions.filter(fate__in=("confirmed", "submitted", "received")).order_by("-number").first()
    )
    if version is None:
        raise Http404
    if kind == "xlsx":
        body = papers.workbook(filing, version)
    elif kind == "docx":
        body = docx.render(papers.paper(filing, version))
    else:
        body = pdf.render(papers.paper(filing, version), unknown_letters="geta")
    name = papers.file_name(filing, kind)
    answer = HttpResponse(body, content_type=TYPES[kind])
    answer["Content-Disposition"] = f"attachment; filename=\"{name.en}\"; filename*=UTF-8''{quote(name.zh)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
