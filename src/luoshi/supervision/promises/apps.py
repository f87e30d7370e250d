from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "luoshi.supervision.promises"
    label = "promises"
