"""Addresses of this part. A promise's own address is its plan's code and its task's, which stay."""

from django.urls import path

from luoshi.supervision.promises.pages import clue_desk, clues, desk, public

urlpatterns = [
    path("promises", public.index, name="promises"),
    path("promises/data.<str:kind>", public.data, name="promises-data"),
    path("promises/columns", public.columns, name="promises-columns"),
    path("promises/desk", desk.index, name="promises-desk"),
    path("promises/desk/plan/<int:pk>", desk.plan, name="promises-desk-plan"),
    path("promises/desk/task/<int:pk>", desk.task, name="promise-desk"),
    path("promises/<slug:plan>/<path:code>", public.one, name="promise"),
    path("clues", clues.index, name="clues"),
    path("clues/new", clues.new, name="clue-new"),
    path("clues/state", clues.state, name="clue-find"),
    path("clues/desk", clue_desk.index, name="clues-desk"),
    path("clues/desk/<int:clue_id>", clue_desk.one, name="clue"),
    path("clues/<str:number>", clues.state, name="clue-state"),
]
