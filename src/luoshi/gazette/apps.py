from django.apps import AppConfig


class GazetteConfig(AppConfig):
    name = "luoshi.gazette"
    label = "gazette"

    def ready(self) -> None:
        from luoshi.gazette import actions, readables  # noqa: F401 - declared by being imported
        from luoshi.gazette.publication import declared, indexing, keeping
        from luoshi.office import backup

        declared.load()
        keeping.connect()
        backup.AFTER_RESTORE.append(indexing.index_again)
