"""Stable addresses of what is published. They stay when everything else changes."""

from django.urls import path, register_converter

from luoshi.gazette.publication.pages import chronicle, document, finding, issues, notices, readings, requests


class _ClausePath:
    """A clause's path: anything, slashes and Chinese numbers included."""

    regex = ".+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_ClausePath, "clausepath")
urlpatterns = [
    path("g/", issues.all_issues, name="gazette-issues"),
    path("g/feed.xml", finding.atom, name="gazette-feed"),
    path("g/chronicle", chronicle.page, name="gazette-chronicle"),
    path("g/basis", issues.basis, name="gazette-basis"),
    path("g/<int:year>/<int:number>/", issues.one_issue, name="gazette-issue"),
    path("g/<int:year>/<int:number>/check", issues.precheck_page, name="gazette-precheck"),
    path("d/<slug:code>/", document.page, name="document"),
    path("d/<slug:code>.xml", document.xml, name="document-xml"),
    path("d/<slug:code>/contacts", document.reveal_page, name="document-contacts"),
    path("d/<slug:code>/c/<clausepath:path>", document.clause, name="document-clause"),
    path("search", finding.page, name="search"),
    path("readings", readings.all_readings, name="readings"),
    path("readings/<str:reading_id>", readings.one_reading, name="reading"),
    path("ask", requests.new, name="request-new"),
    path("ask/state", requests.state, name="request-find"),
    path("ask/<str:number>", requests.state, name="request-state"),
    path("requests", requests.officers, name="requests"),
    path("requests/<str:number>", requests.officer, name="request"),
    path("notices", notices.all_notices, name="public-notices"),
    path("notices/<int:notice_id>", notices.one_notice, name="public-notice"),
    path("robots.txt", finding.robots, name="robots"),
]
