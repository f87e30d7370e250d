from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "luoshi.site"
    label = "luoshi_site"
