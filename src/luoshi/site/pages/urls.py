"""Addresses of the shell's own pages."""

from django.urls import path

from luoshi.site.pages import clause, cockpit, cockpit_duties, demo_sign_in, front, gallery, health, preferences

urlpatterns = [
    path("", front.page, name="front"),
    path("cockpit", cockpit.page, name="cockpit"),
    path("cockpit/duties", cockpit_duties.page, name="cockpit-duties"),
    path("gallery", gallery.page, name="gallery"),
    path("clauses/<str:clause_id>", clause.page, name="clause"),
    path("language", preferences.language, name="language"),
    path("appearance", preferences.appearance, name="appearance"),
    path("act-as", preferences.act_as, name="act-as"),
    path("demo-sign-in", demo_sign_in.sign_in, name="demo-sign-in"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
]
