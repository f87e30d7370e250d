"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.outlook.pages import feeds, gantt, month, overview, views

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
]
