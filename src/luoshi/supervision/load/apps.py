from django.apps import AppConfig


class LoadConfig(AppConfig):
    name = "luoshi.supervision.load"
    label = "load"

    def ready(self) -> None:
        from luoshi.supervision.load import actions, readables  # noqa: F401 - declared by being imported
