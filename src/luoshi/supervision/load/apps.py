from django.apps import AppConfig


class LoadConfig(AppConfig):
    name = "luoshi.supervision.load"
    label = "load"
