"""What leaves the house: the open export, the script that recomputes it, and what the public sees where opened."""

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.supervision.pages import asking
from luoshi.supervision.readables import WATCHERS
from luoshi.supervision.scores import package
from luoshi.supervision.scores import scheme as schemes
from luoshi.supervision.scores.models import Scoresheet, Scoring
from luoshi.supervision.scores.pages import shown
from luoshi.supervision.scores.pages.scorings import found, groups
from luoshi.supervision.scores.readables import SCORING, sheets

rail.add("public", "scores-public", Words("评分公开", "Scores, published"), public=True, order=70)
LATEST = 12


@require_safe
def export(request: HttpRequest, scoring_id: int) -> HttpResponseBase:
    """Return the open export of what this actor may read: everything, or the own unit's sheet."""
    if (stopped := asking.barred(request, SCORING)) is not None:
        return stopped
    scoring, actor = found(request, scoring_id), asking.actor_of(request)
    rows = list(sheets(actor).filter(scoring=scoring).select_related("unit").order_by("unit_id"))
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    package.write(out, scoring, rows, whole=actor.role in WATCHERS)
    out.seek(0)
    name = f"scores-{scoring.from_on:%Y%m%d}-{scoring.to_on:%Y%m%d}-v{scoring.version}.zip"
    answer = FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Return the script that recomputes an export; it is the same for everybody."""
    answer = HttpResponse(package.SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recompute.py"'
    return answer


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Show the scores the county opened; without its decision there are none."""
    rows = list(
        Scoring.objects.filter(county_id=asking.actor_of(request).county_id, state="published", public=True)
        .select_related("plan")
        .order_by("-to_on", "-from_on", "pk")[:LATEST]
    )
    wanted = asking.whole("scoring", request.GET.get("scoring"))
    chosen = next((s for s in rows if s.pk == wanted), rows[0] if rows else None)
    if request.GET.get("as") == "csv" and chosen is not None:
        answer = HttpResponse(package.results_csv(_sheets(chosen)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="scores.csv"'
        return answer
    scheme = schemes.of(chosen.scheme) if chosen is not None else None
    return render(
        request,
        "scores/public.html",
        {
            "title": Words("评分公开", "Scores, published"),
            "chosen": chosen,
            "name": shown.name(chosen) if chosen is not None else None,
            "ledgers": groups(scheme, _sheets(chosen), links=False)
            if chosen is not None and scheme is not None
            else [],
            "scheme": scheme,
            "rules": shown.rules(scheme) if scheme is not None else [],
            "others": [{"words": shown.name(s), "url": f"?scoring={s.pk}"} for s in rows if s is not chosen],
        },
    )


def _sheets(scoring: Scoring) -> list[Scoresheet]:
    return list(Scoresheet.objects.filter(scoring=scoring).select_related("unit").order_by("unit_id"))
