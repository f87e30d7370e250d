from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created

from luoshi.office import door


class PeopleConfig(AppConfig):
    name = "luoshi.office.people"
    label = "people"

    def ready(self) -> None:
        from luoshi.office.people import (  # noqa: F401 - declared by being imported
            actions,
            own_account,
            person_actions,
            readables,
            recovery,
            seats,
            sessions,
            sign_in,
        )

        connection_created.connect(door.lock_connection, dispatch_uid="luoshi-door")
        user_logged_in.connect(sessions.opened, dispatch_uid="luoshi-session")
        # The action account.sign_in writes the time of the last sign-in; Django's own receiver would do it beside it.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
