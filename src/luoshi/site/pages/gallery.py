"""The gallery: every component in each of its states, with the inputs it takes. Builders of pages start here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.site.pages import gallery_samples

rail.add("system", "gallery", Words("界面组件", "Components"), roles=frozenset({"system_admin"}), order=90)


def page(request: HttpRequest) -> HttpResponse:
    """Show all components with made-up contents."""
    return render(request, "site/gallery.html", {**gallery_samples.samples(), "show_bad": "bad" in request.GET})
