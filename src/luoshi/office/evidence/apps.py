from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "luoshi.office.evidence"
    label = "evidence"
