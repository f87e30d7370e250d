"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.load.pages import asks, checks, overview, papers, presses, unit

urlpatterns = [
    path("load", overview.page, name="load"),
    path("load/cap", overview.cap_page, name="load-cap"),
    path("load/mine", unit.mine, name="load-mine"),
    path("load/units/<int:unit_id>", unit.page, name="load-unit"),
    path("asks", asks.listed, name="asks"),
    path("asks/new", asks.new, name="ask-new"),
    path("asks/<int:ask_id>", asks.one, name="ask"),
    path("asks/<int:ask_id>/<slug:verb>", asks.act, name="ask-act"),
    path("asked/<int:asked_id>/<slug:verb>", asks.asked_act, name="asked-act"),
    path("presses", presses.listed, name="presses"),
    path("presses/<int:press_id>", presses.one, name="press"),
    path("presses/<int:press_id>/<slug:verb>", presses.act, name="press-act"),
    path("press/<int:assignment_id>", presses.on_share, name="share-press"),
    path("office-papers/<int:paper_id>.<str:form>", papers.file, name="office-paper"),
    path("circulars", papers.circulars, name="circulars"),
    path("checks", checks.listed, name="checks"),
    path("checks/new", checks.new, name="check-new"),
    path("checks/<int:check_id>", checks.one, name="check"),
    path("checks/<int:check_id>/<slug:verb>", checks.act, name="check-act"),
    path("checked/<int:checked_id>/<slug:verb>", checks.checked_act, name="checked-act"),
    path("findings/<int:finding_id>", checks.finding, name="finding"),
    path("findings/<int:finding_id>/<slug:verb>", checks.finding_act, name="finding-act"),
]
