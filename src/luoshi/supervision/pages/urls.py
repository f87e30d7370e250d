"""Addresses of supervision."""

from django.urls import path

from luoshi.supervision.pages import acts, archive, colours, duty, inbox, ledger, lists, stages, task, unit

urlpatterns = [
    path("inbox", inbox.page, name="inbox"),
    path("duties/<int:duty_id>", duty.page, name="duty"),
    path("tasks", ledger.page, name="tasks"),
    path("tasks/export.<str:kind>", ledger.export, name="tasks-export"),
    path("tasks/archive", archive.page, name="tasks-archive"),
    path("tasks/<int:task_id>/file.<str:kind>", archive.file, name="task-file"),
    path("tasks/colours", colours.page, name="colours"),
    path("tasks/<int:task_id>", task.page, name="task"),
    path("tasks/<int:task_id>/journal", task.journal, name="task-journal"),
    path("plans/stages", stages.index, name="plans-stages"),
    path("plans/<slug:code>/stages", stages.page, name="plan-stages"),
    path("stages/<int:stage_id>/<slug:verb>", stages.act, name="stage-act"),
    path("units/<int:unit_id>", unit.page, name="unit"),
    path("shares/<int:assignment_id>/<slug:verb>", acts.on_share, name="share-act"),
    path("milestones/<int:milestone_id>/<slug:verb>", acts.on_milestone, name="milestone-act"),
    path("pieces/<int:piece_id>/<slug:verb>", acts.on_piece, name="piece-act"),
    path("consultations/<int:consultation_id>/<slug:verb>", acts.on_consultation, name="consultation-act"),
    path("tasks/<int:task_id>/resolve", lists.page, name="task-resolve"),
    path("reports/<int:report_id>/<slug:verb>", acts.on_report, name="report-act"),
]
