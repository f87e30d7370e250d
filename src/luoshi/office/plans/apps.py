from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "luoshi.office.plans"
    label = "plans"
