from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "luoshi.supervision.reporting"
    label = "reporting"

    def ready(self) -> None:
        from luoshi.office import rounds
        from luoshi.supervision.reporting import actions, chore, providers, readables  # noqa: F401 - declared by import

        rounds.also("reporting.open_due", chore.open_due)
