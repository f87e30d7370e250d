from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "luoshi.office.duties"
    label = "duties"
