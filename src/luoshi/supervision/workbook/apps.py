from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    name = "luoshi.supervision.workbook"
    label = "workbook"
