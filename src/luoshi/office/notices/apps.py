from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "luoshi.office.notices"
    label = "notices"
