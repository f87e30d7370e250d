from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "luoshi.office.journal"
    label = "journal"
