from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "luoshi.office.notices"
    label = "notices"

    def ready(self) -> None:
        from luoshi.office.notices import actions  # noqa: F401 - declared by being imported
