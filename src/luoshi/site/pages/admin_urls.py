"""Addresses of the three administrators' pages and of personal data."""

from django.urls import path

from luoshi.site.pages import admin_access, admin_accounts, admin_journal, admin_seats, persons

urlpatterns = [
    path("admin/units", admin_seats.units, name="admin-units"),
    path("admin/units/<int:unit_id>", admin_seats.unit, name="admin-unit"),
    path("admin/posts", admin_seats.posts, name="admin-posts"),
    path("admin/accounts", admin_accounts.accounts, name="admin-accounts"),
    path("admin/accounts/<int:account_id>", admin_accounts.account, name="admin-account"),
    path("admin/accounts/<int:account_id>/password", admin_accounts.reset_password, name="admin-account-reset"),
    path("admin/accounts/<int:account_id>/acts/<str:name>", admin_accounts.act, name="admin-account-act"),
    path("admin/appointments/<int:appointment_id>/end", admin_accounts.end_appointment, name="admin-appointment-end"),
    path("admin/access", admin_access.matrix, name="admin-access"),
    path("admin/security", admin_access.security, name="admin-security"),
    path("admin/journal", admin_journal.search, name="admin-journal"),
    path("admin/journal/export", admin_journal.export, name="admin-journal-export"),
    path("admin/journal/<int:entry_id>", admin_journal.entry, name="admin-journal-entry"),
    path("admin/seals", admin_journal.seals_page, name="admin-seals"),
    path("admin/seals/verify", admin_journal.verify, name="admin-seals-verify"),
    path("admin/verifier.py", admin_journal.verifier, name="admin-verifier"),
    path("persons", persons.page, name="persons"),
    path("persons/new", persons.new, name="person-new"),
    path("persons/<int:person_id>", persons.one, name="person"),
]
