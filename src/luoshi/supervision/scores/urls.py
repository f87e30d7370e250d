"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.scores.pages import contests, downloads, scorings, sheets

urlpatterns = [
    path("scores", scorings.listed, name="scores"),
    path("scores/new", scorings.new, name="scores-new"),
    path("scores/public", downloads.public, name="scores-public"),
    path("scores/recompute.py", downloads.script, name="scores-script"),
    path("scores/<int:scoring_id>", scorings.page, name="scoring"),
    path("scores/<int:scoring_id>/changes", scorings.changes, name="scoring-changes"),
    path("scores/<int:scoring_id>/export.zip", downloads.export, name="scoring-export"),
    path("scores/<int:scoring_id>/<slug:verb>", scorings.act, name="scoring-act"),
    path("scores/sheets/<int:scoresheet_id>", sheets.page, name="scoresheet"),
    path("scores/sheets/<int:scoresheet_id>/contest/<slug:item>", sheets.contest, name="scoresheet-contest"),
    path("scores/contests/<int:contest_id>", contests.page, name="contest"),
    path("scores/contests/<int:contest_id>/<slug:verb>", contests.act, name="contest-act"),
]
