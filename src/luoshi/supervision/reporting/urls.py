"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.reporting.pages import acts, filing, mine, paper, rounds

urlpatterns = [
    path("filings", mine.page, name="filings"),
    path("filings/open", mine.open_own, name="filing-open"),
    path("filings/rounds", rounds.page, name="filing-rounds"),
    path("filings/rounds/<int:round_id>", rounds.one, name="filing-round"),
    path("filings/<int:filing_id>", filing.page, name="filing"),
    path("filings/<int:filing_id>/answers", acts.answers, name="filing-answers"),
    path("filings/<int:filing_id>/correct", acts.correct, name="filing-correct"),
    path("filings/<int:filing_id>/paper.<str:kind>", paper.page, name="filing-paper"),
    path("filings/<int:filing_id>/<slug:verb>", acts.act, name="filing-act"),
]
