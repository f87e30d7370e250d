from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "luoshi.supervision.promises"
    label = "promises"

    def ready(self) -> None:
        from luoshi.supervision.promises import readables  # noqa: F401 - says who may read a clue's photo
