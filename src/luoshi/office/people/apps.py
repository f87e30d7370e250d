from django.apps import AppConfig
from django.db.backends.signals import connection_created

from luoshi.office import door


class PeopleConfig(AppConfig):
    name = "luoshi.office.people"
    label = "people"

    def ready(self) -> None:
        connection_created.connect(door.lock_connection, dispatch_uid="luoshi-door")
