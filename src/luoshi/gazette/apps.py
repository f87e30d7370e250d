from django.apps import AppConfig


class GazetteConfig(AppConfig):
    name = "luoshi.gazette"
    label = "gazette"
