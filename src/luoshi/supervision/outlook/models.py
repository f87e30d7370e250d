"""Saved views of the ledger, subscribed calendars, and the forecasts that were made with what came of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from luoshi.core.words import Words
from luoshi.office.duties.models import Duty
from luoshi.office.people.models import Account, County, Post, Unit


class SavedView(models.Model):
    """Filters and columns of the ledger under a name; its owner's alone, or shared within a unit."""

    county = models.ForeignKey(County, models.PROTECT)
    account = models.ForeignKey(Account, models.PROTECT, related_name="saved_views")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, help_text="empty: nobody but the owner")
    name = models.CharField(max_length=40)
    filters = models.JSONField(default=dict, help_text="names and values of the ledger's address")
    columns = models.JSONField(default=list, help_text="keys of the columns shown; empty: all")
    made_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_name_once")]
        indexes = [models.Index(fields=["county", "unit"], name="saved_view_unit")]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> Words:
        """The name its owner gave it, in whatever language."""
        return Words(self.name, self.name)


class DefaultView(models.Model):
    """The view with which the ledger opens for one person."""

    county = models.ForeignKey(County, models.PROTECT)
    account = models.OneToOneField(Account, models.PROTECT, related_name="default_view")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="opened_by")


class CalendarFeed(models.Model):
    """An address under which a calendar program reads due days: a unit's, or one person's in one post.

    The address holds a token of 256 random bits; here is only its digest, with the name of the algorithm before it.
    """

    county = models.ForeignKey(County, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, help_text="a unit's feed")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="calendar_feeds", help_text="a person's feed"
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, help_text="in which post the person reads")
    digest = models.CharField(max_length=80, unique=True)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_on = models.DateField()
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, account__isnull=True, post__isnull=True)
                | Q(unit__isnull=True, account__isnull=False, post__isnull=False),
                name="feed_of_unit_or_person",
            ),
        ]
        indexes = [models.Index(fields=["county", "unit"], name="feed_unit")]


class ForecastRun(models.Model):
    """One night's round of forecasts in a county; a night has one."""

    county = models.ForeignKey(County, models.PROTECT)
    made_on = models.DateField()
    made = models.PositiveIntegerField(help_text="forecasts written")
    unknown = models.PositiveIntegerField(help_text="duties for which the past does not suffice")
    settled = models.PositiveIntegerField(help_text="earlier forecasts whose outcome became known")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "made_on"], name="forecast_run_once")]


class Forecast(models.Model):
    """How likely one duty was called to be late on one day, the past cases that rests on, and what came of it.

    Rows are written once and only their outcome is added. ``probability`` is empty where the past did not suffice.
    """

    KINDS: ClassVar = [("once", "一次性"), ("recurring", "定期")]
    OUTCOMES: ClassVar = [("", "未到期"), ("late", "逾期"), ("in_time", "按期"), ("void", "不计")]
    county = models.ForeignKey(County, models.PROTECT)
    duty = models.ForeignKey(Duty, models.CASCADE, related_name="forecasts")
    unit = models.ForeignKey(Unit, models.PROTECT)
    made_on = models.DateField()
    due_on = models.DateField(help_text="the promised day when it was made")
    mark = models.PositiveSmallIntegerField(help_text="the mark of working days left that had been reached")
    days_left = models.PositiveSmallIntegerField(help_text="working days left when it was made")
    kind = models.CharField(max_length=10, choices=KINDS)
    reported = models.BooleanField(help_text="whether anything had been reported in this round")
    split = models.BooleanField(help_text="whether the past cases are those of the same standing in reports")
    probability = models.FloatField(null=True, blank=True)
    called_late = models.BooleanField(default=False)
    unit_cases = models.PositiveIntegerField()
    unit_late = models.PositiveIntegerField()
    county_cases = models.PositiveIntegerField()
    county_late = models.PositiveIntegerField()
    base_rate = models.FloatField(null=True, blank=True, help_text="share late among all past cases then")
    current = models.BooleanField(default=True, help_text="the newest of its duty, not yet settled")
    outcome = models.CharField(max_length=8, choices=OUTCOMES, blank=True, default="")
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "due_on", "mark"], name="forecast_mark_once"),
            models.CheckConstraint(condition=Q(unit_late__lte=F("unit_cases")), name="forecast_unit_cases"),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__gte=0, probability__lte=1),
                name="forecast_probability",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-probability", "id"], condition=Q(current=True), name="forecast_current"),
            models.Index(fields=["county", "outcome", "due_on"], name="forecast_outcome"),
        ]
