from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "luoshi.office.evidence"
    label = "evidence"

    def ready(self) -> None:
        from luoshi.office.evidence import actions  # noqa: F401 - declared by being imported
