"""Counties, places, units with dated names, posts, accounts, and who holds which post when."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from luoshi.core.words import Words
from luoshi.office.people import masking
from luoshi.office.people.roles import ROLE_CHOICES
from luoshi.office.vault import EncryptedText


class County(models.Model):
    """One county of the installation; every row of the house carries its county."""

    code = models.SlugField(unique=True)
    division_code = models.CharField(max_length=6, help_text="GB/T 2260")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name_zh

    @property
    def words(self) -> Words:
        """The county's name."""
        return Words(self.name_zh, self.name_en)


class Place(models.Model):
    """County, town or village. ``path`` is the codes from the county down, so that a prefix finds a subtree."""

    KINDS: ClassVar = [("county", "县"), ("town", "镇"), ("village", "村")]
    county = models.ForeignKey(County, models.PROTECT)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=KINDS)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    path = models.CharField(max_length=160)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="place_code")]
        indexes = [models.Index(fields=["county", "path"], name="place_path")]

    def __str__(self) -> str:
        return self.name_zh


class Unit(models.Model):
    """A body that can be given work. A collective unit (各镇) resolves to its members."""

    county = models.ForeignKey(County, models.PROTECT)
    code = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    short_zh = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    collective = models.BooleanField(default=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True)
    members = models.ManyToManyField("self", symmetrical=False, related_name="member_of", blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="unit_code"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="unit_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.short_zh

    @property
    def words(self) -> Words:
        """The unit's short name in Chinese and its name in English."""
        return Words(self.short_zh, self.name_en)


class UnitName(models.Model):
    """A name under which a unit occurs in texts, with the days on which it was in use."""

    county = models.ForeignKey(County, models.PROTECT)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "unit", "name"], name="unit_name_once")]
        indexes = [models.Index(fields=["county", "name"], name="unit_name_lookup")]

    def __str__(self) -> str:
        return self.name


if TYPE_CHECKING:  # Django's manager takes its model only in the stubs
    Manager = BaseUserManager["Account"]
else:
    Manager = BaseUserManager


class AccountManager(Manager):
    """Finds accounts by user name; accounts are made by the action ``account.open`` only."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """One person, one account. Rights come from the posts held, never from the account."""

    county = models.ForeignKey(County, models.PROTECT)
    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    phone = EncryptedText(purpose="account.phone", blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    language = models.CharField(max_length=10, default="zh-hans")
    large_type = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    password_history = models.JSONField(default=list, blank=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    second_factor = EncryptedText(purpose="account.totp", blank=True, default="")
    second_factor_confirmed_at = models.DateTimeField(null=True, blank=True)
    second_factor_last_step = models.BigIntegerField(
        default=0, help_text="the last TOTP step used, so that a code works once"
    )

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.display_name


class Post(models.Model):
    """A seat in a unit with a role; tasks belong to posts and units, so a change of holder changes no task."""

    county = models.ForeignKey(County, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT)
    role = models.CharField(max_length=30, choices=ROLE_CHOICES)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True)
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "unit", "role", "title_zh"], name="post_once")]

    def __str__(self) -> str:
        return f"{self.unit.short_zh} {self.title_zh}"


class Appointment(models.Model):
    """An account holds a post from a day until a day (open end: still holds it)."""

    county = models.ForeignKey(County, models.PROTECT)
    account = models.ForeignKey(Account, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "post", "from_on"], name="appointment_once"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")), name="appointment_dates_in_order"
            ),
        ]


class AccountSession(models.Model):
    """A signed-in browser, so that parallel sessions can be limited and ended, and an ended one is told why."""

    account = models.ForeignKey(Account, models.CASCADE)
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=60, blank=True)
    browser = models.CharField(max_length=60, blank=True, default="")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True, default="")


class ApiToken(models.Model):
    """What a program shows to act as one account in one post, until a day. The token itself is kept nowhere."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField()
    until_on = models.DateField(help_text="the last day on which it is taken")
    ended_at = models.DateTimeField(null=True, blank=True)


class Attempt(models.Model):
    """How often one sender without an account sent something in one minute. ``sender`` is a keyed hash."""

    sender = models.CharField(max_length=64)
    minute = models.BigIntegerField(help_text="minutes since 1970")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "minute"], name="attempt_once")]
        indexes = [models.Index(fields=["minute"], name="attempt_minute")]


class Person(models.Model):
    """A natural person known to the county (an applicant, a householder). Encrypted; found by blind index only."""

    county = models.ForeignKey(County, models.PROTECT)
    name = EncryptedText(purpose="person.name")
    id_number = EncryptedText(purpose="person.id_number", blank=True, default="")
    id_index = models.CharField(max_length=64, blank=True, default="")
    phone = EncryptedText(purpose="person.phone", blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    address = EncryptedText(purpose="person.address", blank=True, default="")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id_index"], condition=~Q(id_index=""), name="person_id_once"),
        ]
        indexes = [models.Index(fields=["county", "phone_index"], name="person_phone")]

    def __str__(self) -> str:
        return f"#{self.pk}"  # never the name: this is what a log or an error would print

    @property
    def masked(self) -> masking.Masked:
        """The person as pages and the API show it."""
        return masking.masked(self)


class PersonConcern(models.Model):
    """A unit that has to do with a person, and for what: its people may see the person's masked record."""

    county = models.ForeignKey(County, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="concerns")
    unit = models.ForeignKey(Unit, models.PROTECT)
    purpose = models.CharField(max_length=200)
    since_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "unit"], name="person_concern_once")]
