from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "luoshi.supervision.reporting"
    label = "reporting"
