"""Leading groups and meetings for the walk through every address."""

from luoshi.supervision.meetings import actions
from luoshi.supervision.meetings.models import Seat
from luoshi.supervision.meetings.pages.offers import GROUP_OFFERS, MEETING_OFFERS, SEAT_OFFERS
from tests.supervision.small_county import TODAY, Small

FIXED: dict[str, tuple[object, ...]] = {
    "group-act.verb": tuple(GROUP_OFFERS),
    "seat-act.verb": tuple(SEAT_OFFERS),
    "meeting-act.verb": tuple(MEETING_OFFERS),
    "minutes.kind": ("docx", "pdf"),
}
PUBLIC: set[str] = set()
_FOREIGN = "外县密文"


def populate(small: Small, unit: str, mark: str) -> dict[str, object]:
    """Give one unit a group with a seat and a meeting whose minutes are confirmed."""
    call = small.call
    # Which groups there are is no secret within the county: the plan of their decisions stands in everybody's filters.
    name = f"{mark}领导小组" if mark == _FOREIGN else f"{unit}领导小组"
    group = actions.open_group(call("office.supervisor"), unit_id=small.units[unit].pk, name_zh=name).values["group"]
    seat = actions.add_seat(
        call("office.supervisor"), group_id=group, role_zh="成员", post_zh=f"{mark}岗位", unit_id=small.units[unit].pk
    ).values["seat"]
    meeting = actions.call_meeting(
        call("office.supervisor"),
        group_id=group,
        held_on=TODAY,
        room=f"{mark}会议室",
        agenda=f"{mark}议题",
        urgent=True,
    ).values["meeting"]
    held = actions.hold(call("office.supervisor"), meeting_id=meeting)
    assert held.outcome, held.outcome
    decided = actions.decide(
        call("office.supervisor"), meeting_id=meeting, text=f"{mark}议定事项", lead_id=small.units[unit].pk,
        due_on="2023-09-01",
    )  # fmt: skip
    assert decided.outcome, decided.outcome
    closed = actions.confirm_minutes(
        call("office.supervisor"), meeting_id=meeting, text=f"{mark}纪要，共二十个字以上才可以印发保存。"
    )
    assert closed.outcome and Seat.objects.filter(pk=seat).exists()
    return {"group_id": group, "seat_id": seat, "meeting_id": meeting}
