from django.apps import AppConfig


class ScoresConfig(AppConfig):
    name = "luoshi.supervision.scores"
    label = "scores"
