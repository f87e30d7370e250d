"""Addresses of the editor's desk, versions and conflicts."""

from django.urls import path

from luoshi.gazette.pages import desk, impact, names, proposal, steps

urlpatterns = [
    path("gazette/desk", desk.page, name="gazette-desk"),
    path("gazette/desk/import", desk.upload, name="gazette-upload"),
    path("gazette/desk/<int:pk>", proposal.page, name="gazette-proposal"),
    path("gazette/desk/<int:pk>/element", steps.element, name="gazette-element"),
    path("gazette/desk/<int:pk>/step", steps.step, name="gazette-step"),
    path("gazette/desk/<int:pk>/names", names.page, name="gazette-names"),
    path("gazette/desk/<int:pk>/impact", impact.page, name="gazette-impact"),
    path("gazette/changes", impact.changes, name="gazette-changes"),
    path("gazette/changes/<int:pk>/undo", impact.undo, name="gazette-undo-version"),
    path("gazette/conflicts", impact.plan_conflicts, name="gazette-conflicts"),
]
