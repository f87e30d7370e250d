from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "luoshi.supervision.meetings"
    label = "meetings"
