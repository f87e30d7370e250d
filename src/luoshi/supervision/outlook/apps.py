from django.apps import AppConfig


class OutlookConfig(AppConfig):
    name = "luoshi.supervision.outlook"
    label = "outlook"
