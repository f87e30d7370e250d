from django.apps import AppConfig


class ScoresConfig(AppConfig):
    name = "luoshi.supervision.scores"
    label = "scores"

    def ready(self) -> None:
        from luoshi.supervision.scores import actions, readables  # noqa: F401 - declared by being imported
