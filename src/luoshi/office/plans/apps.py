from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def keep_triggers(using: str, **_: Any) -> None:
    """Put the triggers of the index of words back after a migration that rebuilt the table of tasks."""
    from luoshi.office.plans import task_words

    connection = connections[using]
    if "plans_taskpair" in connection.introspection.table_names():
        task_words.install(connection)


class PlansConfig(AppConfig):
    name = "luoshi.office.plans"
    label = "plans"

    def ready(self) -> None:
        from luoshi.office import backup
        from luoshi.office.plans import task_words

        backup.AFTER_RESTORE.append(task_words.index_again)
        post_migrate.connect(keep_triggers, sender=self, dispatch_uid="luoshi-task-words")
