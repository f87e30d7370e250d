"""Leading groups with their seats, their meetings, who was there, and what was decided."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from luoshi.core.words import Words
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Account, County, Post, Unit
from luoshi.office.plans.models import Plan, Task


class Group(models.Model):
    """A leading group, its office or a headquarters. ``work``, made with its first decision, holds them as tasks."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leading_groups")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="leading_groups")
    work = models.OneToOneField(Plan, models.PROTECT, null=True, blank=True, related_name="decided_by")
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    clause_ids = models.JSONField(default=list)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="group_code")]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def words(self) -> Words:
        """The group's name."""
        return Words(self.name_zh, self.name_en)


class Seat(models.Model):
    """A seat in a group, as the plan prints it: a role held by whoever holds a post of a unit. Never a person.

    ``post`` is the post of this house that the printed one is; a change of its holder changes nothing here.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, related_name="seats")
    code = models.SlugField(max_length=80)
    order = models.PositiveSmallIntegerField()
    role_zh = models.CharField(max_length=30)
    post_zh = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seats", help_text="the unit that is invited")
    units = models.ManyToManyField(Unit, related_name="+", help_text="every unit the printed post belongs to")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="seats")
    clause_id = models.CharField(max_length=60, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "code"], name="seat_code"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="seat_dates_in_order"
            ),
        ]
        ordering: ClassVar = ["group", "order", "pk"]

    @property
    def words(self) -> Words:
        """Unit and post; a printed post that names the unit itself (县委副书记) is not given it twice."""
        unit = self.unit.short_zh
        return Words(self.post_zh if self.post_zh.startswith(unit) else f"{unit}{self.post_zh}",
                     f"{self.unit.name_en}: {self.post_zh}")  # fmt: skip


class Meeting(models.Model):
    """A meeting of a group: called for a day, held (or cancelled), its minutes drafted and confirmed."""

    STATES: ClassVar = [("called", "已通知"), ("held", "已召开"), ("closed", "纪要已印发"), ("cancelled", "已取消")]
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(help_text="the group's first meeting is 1")
    title_zh = models.CharField(max_length=200)
    held_on = models.DateField()
    starts_at = models.TimeField()
    room = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=STATES, default="called")
    called_on = models.DateField()
    duty = models.OneToOneField(Duty, models.PROTECT, null=True, related_name="+", help_text="to confirm the minutes")
    decisions_made = models.PositiveSmallIntegerField(default=0, help_text="number of the last decision")
    minutes = models.TextField(blank=True)
    minutes_on = models.DateField(null=True, blank=True)
    minutes_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(minutes_on__isnull=False), name="meeting_closed_has_minutes"
            ),
        ]
        indexes = [models.Index(fields=["county", "held_on", "id"], name="meeting_day")]

    def __str__(self) -> str:
        return self.title_zh


class AgendaItem(models.Model):
    """One item of the agenda."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="agenda_order_once")]
        ordering: ClassVar = ["meeting", "order"]


class Invitation(models.Model):
    """A seat asked to a meeting: what the meeting costs its unit on that day, and who came.

    ``day`` repeats the meeting's, so that what is asked of a unit is counted along one index; a cancelled meeting
    asks nothing (``counts``).
    """

    PRESENCE: ClassVar = [("", "未登记"), ("present", "出席"), ("deputy", "代会"), ("absent", "缺席")]
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="invitations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="invitations")
    day = models.DateField()
    counts = models.BooleanField(default=True)
    presence = models.CharField(max_length=8, choices=PRESENCE, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="invitation_once")]
        indexes = [
            models.Index(fields=["county", "unit", "day"], condition=Q(counts=True), name="invitation_load"),
        ]


class Resolution(models.Model):
    """What a meeting decided: who does what by when. It is a task from then on; ``task`` leads there."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    task = models.OneToOneField(Task, models.PROTECT, related_name="resolution")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="resolution_number_once")]
