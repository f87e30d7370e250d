"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.workbook.pages import hub, old, review

urlpatterns = [
    path("workbook", hub.page, name="workbook"),
    path("workbook/export", hub.export, name="workbook-export"),
    path("workbook/receive", hub.receive, name="workbook-receive"),
    path("workbook/exports/<int:export_id>", hub.exported, name="workbook-exported"),
    path("workbook/exports/<int:export_id>/file", hub.file, name="workbook-file"),
    path("workbook/imports/<int:import_id>", review.page, name="workbook-import"),
    path("workbook/imports/<int:import_id>/decide", review.decide, name="workbook-decide"),
    path("workbook/imports/<int:import_id>/discard", review.discard, name="workbook-discard"),
    path("workbook/imports/<int:import_id>/changes.<str:kind>", review.listed, name="workbook-changes"),
    path("old-ledgers", old.page, name="old-ledgers"),
    path("old-ledgers/receive", old.receive, name="old-ledger-receive"),
    path("old-ledgers/<int:ledger_id>", old.one, name="old-ledger"),
    path("old-ledgers/<int:ledger_id>/names", old.names, name="old-ledger-names"),
    path("old-ledgers/<int:ledger_id>/rows/<int:row_id>", old.row, name="old-ledger-row"),
    path("old-ledgers/<int:ledger_id>/step", old.step, name="old-ledger-step"),
]
