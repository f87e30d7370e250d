"""Actions on posts, accounts and appointments. System, security and audit administration stay apart.

The system administrator opens posts and accounts; the security administrator appoints, ends appointments and unlocks;
the audit administrator only reads. Nobody may hold two of the three, nor one of them beside an office post.
"""

import datetime as dt
import secrets
import string
from typing import Annotated

from pydantic import Field

from luoshi.core import identity
from luoshi.core.outcome import Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Where
from luoshi.office.actions import Call, Done, Inputs, action
from luoshi.office.people import passwords
from luoshi.office.people.models import Account, Appointment, County, Place, Post, Unit
from luoshi.office.people.roles import ADMINISTRATIVE, ROLE_CHOICES, ROLES
from luoshi.office.people.secret import Secret, Unjournalled, empty
from luoshi.office.vault import blind_index


class OpenPost(Inputs):
    """A seat in a unit."""

    unit: Annotated[str, Field(max_length=60)]
    role: Annotated[str, Field(max_length=30)]
    title_zh: Annotated[str, Field(max_length=80)]
    title_en: Annotated[str, Field(max_length=120)]
    place: Annotated[str, Field(max_length=60)] = ""


class OpenAccount(Inputs):
    """One person's account; the page makes the first password and shows it once."""

    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{2,59}$")]
    display_name: Annotated[str, Field(min_length=1, max_length=60)]
    password: Unjournalled = empty()
    phone: Secret = empty()


class Appoint(Inputs):
    """Who gets which post from which day."""

    account: int
    post: int
    from_on: dt.date
    to_on: dt.date | None = None


class EndAppointment(Inputs):
    """The appointment and its last day."""

    appointment: int
    to_on: dt.date


def _county(call: Call, inputs: Inputs) -> County:
    return County.objects.get(pk=call.actor.county_id)


def _county_where(county: County) -> Where:
    return Where(county.pk)


def missing(place: str, zh: str, en: str) -> Problem:
    """Return the problem for something named that is not there."""
    return Problem(
        place,
        Words(f"没有找到{zh}。", f"No such {en}."),
        Words("请从列表中选择。", "Choose it from the list."),
        status=404,
    )


@action(
    "post.open",
    Words("设立岗位", "Open a post"),
    subject="post",
    grants={"system": "county", "system_admin": "county"},
    inputs=OpenPost,
    load=_county,
    where=_county_where,
)
def open_post(call: Call, county: County, inputs: OpenPost) -> Done | Refused:
    """Make a seat with a role in a unit."""
    unit = Unit.objects.filter(county=county, code=inputs.unit).first()
    if unit is None:
        raise missing("unit", f"单位“{inputs.unit}”", f"unit {inputs.unit!r}")
    if inputs.role not in dict(ROLE_CHOICES):
        raise missing("role", f"角色“{inputs.role}”", f"role {inputs.role!r}")
    place = Place.objects.filter(county=county, code=inputs.place).first() if inputs.place else None
    if inputs.place and place is None:
        raise missing("place", f"地名“{inputs.place}”", f"place {inputs.place!r}")
    post, made = Post.objects.get_or_create(
        county=county, unit=unit, role=inputs.role, title_zh=inputs.title_zh,
        defaults={"title_en": inputs.title_en, "place": place},
    )  # fmt: skip
    if not made:
        return refuse("post_exists", "这个单位已有同名岗位。", "The unit has a post of this name already.")
    after = {"unit": unit.code, "role": inputs.role, "title": inputs.title_zh}
    return Done(
        Words(f"设立岗位：{post}", f"Opened the post {inputs.title_en}"),
        after=after,
        values={"post": post.pk},
        subject_id=post.pk,
    )


@action(
    "account.open",
    Words("开设账号", "Open an account"),
    subject="account",
    grants={"system": "county", "system_admin": "county"},
    inputs=OpenAccount,
    load=_county,
    where=_county_where,
)
def open_account(call: Call, county: County, inputs: OpenAccount) -> Done | Refused:
    """Make an account that must change its password at first sign-in. The password never enters the journal.

    Without a password nobody can sign in with one: so the demo's people, whom one click lets in.
    """
    if Account.objects.filter(username=inputs.username).exists():
        return refuse("username_taken", "这个用户名已被使用。", "This user name is taken.")
    phone = inputs.phone.get_secret_value()
    phone = identity.check_phone(phone).value if phone else ""
    account = Account(
        county=county, username=inputs.username, display_name=inputs.display_name, phone=phone,
        phone_index=blind_index(phone, "account.phone"), must_change_password=False,
    )  # fmt: skip
    password = inputs.password.get_secret_value()
    if password:
        passwords.require_good(password, account)
        passwords.put(account, password, call.now, made=True)
    elif call.actor.role == "system":
        account.set_unusable_password()
    else:
        return refuse("no_password", "缺少初始密码。", "The first password is missing.")
    account.save()
    return _opened(account)


def _opened(account: Account) -> Done:
    return Done(
        Words(f"开设账号：{account.username}", f"Opened the account {account.username}"),
        after={"username": account.username}, values={"account": account.pk}, subject_id=account.pk,
    )  # fmt: skip


def made_password() -> str:
    """Return a random password that satisfies the rules; the caller shows it once."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(12)) + secrets.choice("#%+=!") + "aB3"


def _appointment_county(call: Call, inputs: Inputs) -> County:
    return County.objects.select_for_update().get(pk=call.actor.county_id)


@action(
    "post.appoint",
    Words("任职", "Appoint to a post"),
    subject="post",
    grants={"system": "county", "security_admin": "county"},
    inputs=Appoint,
    load=_appointment_county,
    where=_county_where,
)
def appoint(call: Call, county: County, inputs: Appoint) -> Done | Refused:
    """Give an account a post from a day on; administrators stay apart."""
    account = Account.objects.filter(county=county, pk=inputs.account).first()
    post = Post.objects.select_related("unit").filter(county=county, pk=inputs.post, closed=False).first()
    if account is None or post is None:
        raise missing("account" if account is None else "post", "账号或岗位", "account or post")
    if account.pk == call.actor.account_id:
        return refuse("not_oneself", "不能给自己任职。", "Nobody appoints themselves.")
    held = {a.post.role for a in account.appointments.select_related("post").exclude(to_on__lt=call.today)}
    if held and (post.role in ADMINISTRATIVE or held & ADMINISTRATIVE) and held != {post.role}:
        return refuse(
            "administrators_apart",
            "系统、安全、审计三类管理员必须分设，也不能兼任业务岗位。",
            "System, security and audit administrators are different people, and hold no office post.",
            Words("请另开账号任职。", "Appoint another account."),
            held=sorted(held), wanted=post.role,
        )  # fmt: skip
    if not account.is_active:
        return refuse("disabled", "账号已停用，不能任职。", "The account is disabled; nobody is appointed with it.")
    if inputs.to_on is not None and inputs.to_on < inputs.from_on:
        return refuse("ends_before_start", "免职日早于任职日。", "It would end before it began.")
    row, made = Appointment.objects.get_or_create(
        county=county, account=account, post=post, from_on=inputs.from_on, defaults={"to_on": inputs.to_on}
    )
    if not made:
        return refuse("appointed", "这一天起的任职已经登记过。", "This appointment from this day is there already.")
    role = ROLES[post.role].words
    return Done(
        Words(
            f"{account.display_name}任{post}（{role.zh}）",
            f"{account.display_name} appointed: {post.title_en} ({role.en})",
        ),
        after={"account": account.pk, "post": post.pk, "from": str(inputs.from_on)},
        values={"appointment": row.pk}, subject_id=post.pk,
    )  # fmt: skip


@action(
    "post.end_appointment",
    Words("免职", "End an appointment"),
    subject="post",
    grants={"security_admin": "county"},
    inputs=EndAppointment,
    load=_appointment_county,
    where=_county_where,
)
def end_appointment(call: Call, county: County, inputs: EndAppointment) -> Done | Refused:
    """End an appointment; the post's tasks and duties stay where they are."""
    row = Appointment.objects.select_related("post__unit").filter(county=county, pk=inputs.appointment).first()
    if row is None:
        raise missing("appointment", "任职记录", "appointment")
    if inputs.to_on < row.from_on:
        return refuse("ends_before_start", "免职日早于任职日。", "It would end before it began.")
    if row.to_on is not None and inputs.to_on > row.to_on:
        return refuse("longer", "免职只能提前，不能延长任期。", "Ending makes an appointment shorter, never longer.",
                      Words("如需续任，请重新任职。", "To go on, appoint again."))  # fmt: skip
    if row.post.role in ADMINISTRATIVE and not _others_hold(row, inputs.to_on):
        return refuse("last_administrator", "这是这类管理员中的最后一位。", 
                      "This is the last administrator of this kind.",
                      Words("请先任命接任的人。", "Appoint the successor first."))  # fmt: skip
    before = {"to": str(row.to_on)}
    row.to_on = inputs.to_on
    row.save(update_fields=["to_on"])
    return Done(
        Words(f"免职：{row.post}", f"Appointment ended: {row.post.title_en}"),
        before=before, after={"to": str(inputs.to_on)}, subject_id=row.post_id,
    )  # fmt: skip


def _others_hold(row: Appointment, day: dt.date) -> bool:
    others = Appointment.objects.filter(
        county=row.county, post__role=row.post.role, post__closed=False, account__is_active=True
    ).exclude(pk=row.pk)
    return others.exclude(account=row.account).exclude(to_on__lte=day).exists()
