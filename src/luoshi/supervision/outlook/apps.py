from django.apps import AppConfig


class OutlookConfig(AppConfig):
    name = "luoshi.supervision.outlook"
    label = "outlook"

    def ready(self) -> None:
        from luoshi.office import rounds
        from luoshi.supervision.outlook import actions, night, readables  # noqa: F401 - declared by being imported
        from luoshi.supervision.outlook.pages import views
        from luoshi.supervision.pages import dressing

        dressing.add(views.DRESSER)
        rounds.also("outlook.forecasts", night.forecasts)
