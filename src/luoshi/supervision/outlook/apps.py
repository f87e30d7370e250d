from django.apps import AppConfig


class OutlookConfig(AppConfig):
    name = "luoshi.supervision.outlook"
    label = "outlook"

    def ready(self) -> None:
        from luoshi.supervision.outlook import actions, readables  # noqa: F401 - declared by being imported
        from luoshi.supervision.outlook.pages import views
        from luoshi.supervision.pages import dressing

        dressing.add(views.DRESSER)
