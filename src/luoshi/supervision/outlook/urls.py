"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.outlook.pages import feeds, forecasts, gantt, month, overview, views, week

urlpatterns = [
    path("tasks/views", views.page, name="views"),
    path("tasks/views/<int:view_id>/<slug:verb>", views.act, name="view-act"),
    path("tasks/copy", views.copy, name="tasks-copy"),
    path("overview", overview.front, name="overview"),
    path("overview/<slug:by>", overview.page, name="overview-by"),
    path("gantt", gantt.page, name="gantt"),
    path("month", month.page, name="month"),
    path("feeds", feeds.page, name="feeds"),
    path("feeds/<int:feed_id>/revoke", feeds.revoke, name="feed-revoke"),
    path("calendar/<str:token>.ics", feeds.feed, name="feed"),
    path("week", week.page, name="week"),
    path("week.pdf", week.paper, name="week-pdf"),
    path("week/<slug:what>", week.listed, name="week-list"),
    path("forecasts", forecasts.page, name="forecasts"),
    path("forecasts/accuracy", forecasts.accuracy, name="forecast-accuracy"),
    path("forecasts/<int:forecast_id>", forecasts.one, name="forecast"),
]
