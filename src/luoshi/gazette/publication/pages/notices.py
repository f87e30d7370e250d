"""Notices to the public: what hangs today, one page each; gone when the term is over or the notice taken down."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.words import Words
from luoshi.gazette.publication.pages.asking import asking
from luoshi.office import rail
from luoshi.office.notices import public

rail.add("public", "public-notices", Words("公示公告", "Public notices"), public=True, order=13)


def all_notices(request: HttpRequest) -> HttpResponse:
    """Show what is on notice today."""
    ask = asking(request)
    shown = {
        "notices": public.hanging(ask.county.pk, ask.today),
        "title": Words("公示公告", "Public notices"),
        "today": ask.today,
    }
    return render(request, "gazette/public/notices.html", shown)


def one_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show one notice while it hangs; afterwards it is gone, and robots never keep it."""
    ask = asking(request)
    notice = public.one(ask.county.pk, notice_id, ask.today)
    if notice is None:
        raise Http404
    response = render(request, "gazette/public/notice.html", {"notice": notice, "today": ask.today})
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response
