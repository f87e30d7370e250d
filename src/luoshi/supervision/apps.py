from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def keep_triggers(using: str, **_: Any) -> None:
    """Put the ledger's triggers back after a migration that rebuilt one of their tables."""
    from luoshi.supervision import ledger_triggers

    connection = connections[using]
    if "supervision_tally" in connection.introspection.table_names():
        ledger_triggers.install(connection)


class SupervisionConfig(AppConfig):
    name = "luoshi.supervision"
    label = "supervision"

    def ready(self) -> None:
        from luoshi.office.plans import followers
        from luoshi.supervision import actions, following, readables  # noqa: F401 - declared by being imported

        followers.follow(following.FOLLOWER)

        post_migrate.connect(keep_triggers, sender=self, dispatch_uid="luoshi-ledger-triggers")
