"""Addresses of this part."""

from django.urls import path

from luoshi.supervision.meetings.pages import acts, groups, meeting

urlpatterns = [
    path("meetings", groups.index, name="meetings"),
    path("groups/open", acts.open_group, name="group-open"),
    path("groups/<int:group_id>", groups.one, name="group"),
    path("groups/<int:group_id>/<slug:verb>", acts.on_group, name="group-act"),
    path("seats/<int:seat_id>/<slug:verb>", acts.on_seat, name="seat-act"),
    path("meetings/<int:meeting_id>", meeting.one, name="meeting"),
    path("meetings/<int:meeting_id>/minutes.<str:kind>", meeting.paper, name="minutes"),
    path("meetings/<int:meeting_id>/<slug:verb>", acts.on_meeting, name="meeting-act"),
]
