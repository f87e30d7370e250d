from django.apps import AppConfig


class GazetteConfig(AppConfig):
    name = "luoshi.gazette"
    label = "gazette"

    def ready(self) -> None:
        from luoshi.gazette import actions, readables  # noqa: F401 - declared by being imported
        from luoshi.gazette.publication import declared, keeping

        declared.load()
        keeping.connect()
