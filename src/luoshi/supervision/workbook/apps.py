from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    name = "luoshi.supervision.workbook"
    label = "workbook"

    def ready(self) -> None:
        from luoshi.supervision.workbook import actions, readables  # noqa: F401 - declared by being imported
