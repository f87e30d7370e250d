"""Public notices: written, posted for counted days, proved by a photo, taken down when their time is over."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from luoshi.core.calendar import default_calendar
from luoshi.core.clock import Allowance, Event, due
from luoshi.core.outcome import Granted, Outcome, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Grants, Readable, Where
from luoshi.office.actions import COUNTY_ZONE, Call, Decision, Done, Inputs, action
from luoshi.office.duties import verbs
from luoshi.office.duties.models import Duty
from luoshi.office.evidence import attach
from luoshi.office.notices import letting
from luoshi.office.notices.models import PublicNotice
from luoshi.office.people.models import Place, Unit

PUBLISHERS: Grants = {
    "officer": "unit",
    "unit_head": "unit",
    "town_clerk": "place",
    "village_clerk": "unit",
    "disclosure_officer": "county",
    "leading_office": "unit",
}
NOTICE = Readable(
    "notice",
    Words("公示", "Notice"),
    {**PUBLISHERS, "supervisor": "county", "county_head": "county", "auditor": "county", "leading_office": "county"},
    lookups={"unit": "unit_id", "place": "place__path"},
)
attach.hold("notice", NOTICE, PublicNotice.objects.all)
BATCH = 500


def told(zh: str, en: str, help_zh: str = "", help_en: str = "", **limits: Any) -> Any:
    """Return a field with its title and help in both languages."""
    return Field(title=f"{zh} {en}", description=f"{help_zh or zh} / {help_en or en}", **limits)


class DraftInputs(Inputs):
    """What is to be made public, before anybody outside sees it."""

    title_zh: Annotated[str, told("标题", "Title", min_length=4, max_length=200)]
    title_en: Annotated[str, told("英文标题", "English title", max_length=300)] = ""
    body: Annotated[str, told("正文", "Text", max_length=20_000)] = ""
    columns: Annotated[
        tuple[str, ...],
        told("公示列", "Columns", "只能取可公示的列", "only columns that may be public", max_length=20),
    ]
    rows: Annotated[
        tuple[dict[str, str | int | float | dt.date | None], ...],
        told("公示内容", "Rows", "每行按列给值", "one value a column", max_length=letting.MOST_ROWS),
    ]
    subject_kind: Annotated[str, told("所属事项类别", "Kind of subject", max_length=40)] = "notice"
    subject_id: Annotated[str, told("所属事项编号", "Subject", max_length=60)] = ""
    clause_id: Annotated[str, told("依据条款", "Clause", max_length=60)] = ""
    place_id: Annotated[
        int | None,
        told("张贴地点", "Place", "公示所在的镇或村；留空为本单位所在地", "town or village where it hangs", ge=1),
    ] = None


class NoticeInputs(Inputs):
    """Which notice."""

    notice_id: Annotated[int, told("公示编号", "Notice", ge=1)]


class PostInputs(NoticeInputs):
    """For how long it hangs; the day of posting is not counted."""

    days: Annotated[int, told("公示天数", "Days", ge=1, le=365)]
    counted: Annotated[
        Literal["calendar_days", "working_days"],
        told("计算方式", "Counted as", "自然日或工作日", "calendar or working days"),
    ] = "calendar_days"


class ProveInputs(NoticeInputs):
    """The photo that shows it hanging."""

    file_id: Annotated[int, told("张贴照片", "Photo", "已上传照片的编号", "id of the uploaded photo", ge=1)]


class TakeDownInputs(NoticeInputs):
    """Why it comes down before its time; not needed when its time is over."""

    reason: Annotated[str, told("提前撤下的理由", "Reason for taking it down early", max_length=1000)] = ""


class DueInputs(Inputs):
    """Up to which moment."""

    at: Annotated[dt.datetime, told("截至时刻", "Up to")]


def _drafting(call: Call, inputs: DraftInputs) -> PublicNotice:
    unit = (
        Unit.objects.select_related("place").filter(pk=call.actor.unit_id or 0, county_id=call.actor.county_id).first()
    )
    if unit is None:
        raise _missing("unit", "单位", "unit")
    place = unit.place
    if inputs.place_id is not None:
        place = Place.objects.filter(pk=inputs.place_id, county_id=call.actor.county_id).first()
        if place is None:
            raise _missing("place_id", "地点", "place")
    return PublicNotice(county_id=call.actor.county_id, unit=unit, place=place)


def _load(call: Call, inputs: NoticeInputs) -> PublicNotice:
    rows = PublicNotice.objects.select_for_update(of=("self",)).select_related("unit__place", "place", "proof")
    notice = rows.filter(pk=inputs.notice_id, county_id=call.actor.county_id).first()
    if notice is None:
        raise _missing("notice_id", "公示", "notice")
    return notice


def where(notice: PublicNotice) -> Where:
    """A notice stands where its unit and its place are."""
    place = notice.place or notice.unit.place
    return Where(notice.county_id, frozenset({notice.unit_id}), place.path if place else None)


@action(
    "notice.draft",
    Words("拟公示", "Draft a notice"),
    subject="notice",
    grants=PUBLISHERS,
    inputs=DraftInputs,
    load=_drafting,
    where=where,
)
def draft(call: Call, notice: PublicNotice, inputs: DraftInputs) -> Decision:
    """Write a notice: only columns of the allow-list, masked; no row in which a person's number still stands."""
    for place, text in ((Words("标题", "title"), inputs.title_zh), (Words("正文", "text"), inputs.body)):
        refused = letting.text_refused(place, text)
        if refused is not None:
            return refused
    rows, stands = letting.let_through(inputs.columns, inputs.rows)
    if stands is not None:
        assert isinstance(stands, Refused), "the allow-list refuses or lets through"
        return stands
    notice.title_zh, notice.title_en, notice.body = inputs.title_zh, inputs.title_en, inputs.body
    notice.columns, notice.rows, notice.clause_id = list(inputs.columns), rows, inputs.clause_id
    notice.subject_kind, notice.subject_id = inputs.subject_kind, inputs.subject_id
    notice.save()
    return Done(
        Words(
            f"拟公示“{notice.title_zh}”，{len(rows)}行。",
            f"Drafted “{notice.title_en or notice.title_zh}”, {len(rows)} rows.",
        ),
        after={"columns": list(inputs.columns), "rows": len(rows)},
        values={"notice": notice.pk},
        clauses=(inputs.clause_id,) if inputs.clause_id else (),
        subject_id=notice.pk,
    )


def in_state(wanted: str, words: Words) -> Any:
    """Return the check that a notice is in one state."""

    def why_not(call: Call, notice: PublicNotice) -> Outcome:
        if notice.state == wanted:
            return Granted()
        now = dict(PublicNotice.STATES)[notice.state]
        return refuse(
            "notice_state", f"公示现在是“{now}”，不能{words.zh}。",
            f"The notice is “{notice.state}”; it cannot be {words.en}.",
            Words("请刷新页面查看现状。", "Reload the page to see its present state."), state=notice.state,
        )  # fmt: skip

    return why_not


@action(
    "notice.post",
    Words("发布公示", "Post a notice"),
    subject="notice",
    grants=PUBLISHERS,
    inputs=PostInputs,
    load=_load,
    where=where,
    why_not=in_state("draft", Words("发布", "posted")),
)
def post(call: Call, notice: PublicNotice, inputs: PostInputs) -> Decision:
    """Post a notice from today for so many days and open the duty to take it down the day after."""
    allowance = Allowance(inputs.days, inputs.counted, notice.clause_id or None)
    ends = due([Event("start", call.now)], allowance, default_calendar())
    assert ends.on is not None, "a clock without stops has its day"
    notice.state, notice.from_on, notice.until_on = "posted", call.today, ends.on
    notice.save(update_fields=["state", "from_on", "until_on"])
    title = Words(f"撤下公示：{notice.title_zh}", f"Take down the notice: {notice.title_en or notice.title_zh}")
    opening = verbs.Opening(
        notice.county_id, notice.unit_id, title, "notice", notice.pk, ends.on + dt.timedelta(days=1),
        clause_id=notice.clause_id,
    )  # fmt: skip
    duty = verbs.open_duties([opening], call.today)[0]
    return Done(
        Words(
            f"发布公示“{notice.title_zh}”，{ends.sentence.zh}",
            f"Posted “{notice.title_en or notice.title_zh}”. {ends.sentence.en}",
        ),
        before={"state": "draft"},
        after={"state": "posted", "from_on": str(call.today), "until_on": str(ends.on)},
        values={"until_on": str(ends.on), "duty": duty.pk},
    )


def _may_be_proved(call: Call, notice: PublicNotice) -> Outcome:
    return in_state("posted", Words("补张贴照片", "proved"))(call, notice)


@action(
    "notice.prove",
    Words("上传张贴照片", "Add proof of posting"),
    subject="notice",
    grants=PUBLISHERS,
    inputs=ProveInputs,
    load=_load,
    where=where,
    why_not=_may_be_proved,
)
def prove(call: Call, notice: PublicNotice, inputs: ProveInputs) -> Decision:
    """Attach the photo that shows the notice hanging."""
    said = attach.to(call, [inputs.file_id], "notice", notice.pk)
    before = notice.proof_id
    notice.proof_id = inputs.file_id
    notice.save(update_fields=["proof"])
    return Done(
        Words(f"公示“{notice.title_zh}”补张贴照片。", f"Proof of posting for “{notice.title_en or notice.title_zh}”."),
        before={"proof": before},
        after={"proof": said},
    )


@action(
    "notice.take_down",
    Words("撤下公示", "Take down a notice"),
    subject="notice",
    grants=PUBLISHERS,
    inputs=TakeDownInputs,
    load=_load,
    where=where,
    why_not=in_state("posted", Words("撤下", "taken down")),
)
def take_down(call: Call, notice: PublicNotice, inputs: TakeDownInputs) -> Decision:
    """Take a notice down: freely after its last day, before that only with a reason."""
    assert notice.until_on is not None, "a posted notice has its last day"
    if call.today <= notice.until_on and not inputs.reason:
        return refuse(
            "time_not_over", f"公示期到{notice.until_on}为止，尚未届满。", f"The notice hangs until {notice.until_on}.",
            Words("确需提前撤下的，请写明理由。", "Give the reason for taking it down early."),
            until_on=str(notice.until_on),
        )  # fmt: skip
    _down([notice], call.today)
    why = f"：{inputs.reason}" if inputs.reason else ""
    return Done(
        Words(f"撤下公示“{notice.title_zh}”{why}。", f"Took down “{notice.title_en or notice.title_zh}”{why}."),
        before={"state": "posted"},
        after={"state": "taken_down", "reason": inputs.reason},
    )


def _county(call: Call, inputs: DueInputs) -> Where:
    return Where(call.actor.county_id)


@action(
    "notice.take_down_due",
    Words("到期撤下公示", "Take down what is over"),
    subject="county",
    grants={"system": "county"},
    inputs=DueInputs,
    load=_county,
    where=lambda county: county,
)
def take_down_due(call: Call, county: Where, inputs: DueInputs) -> Done:
    """Take down every notice whose last day is past and close its duty; called by the server's own rounds."""
    today = inputs.at.astimezone(COUNTY_ZONE).date()
    rows = PublicNotice.objects.select_for_update(of=("self",)).filter(
        county_id=call.actor.county_id, state="posted", until_on__lt=today
    )
    over = list(rows.order_by("until_on", "pk")[:BATCH])
    _down(over, today)
    return Done(
        Words(f"到期撤下公示{len(over)}件。", f"Took down {len(over)} notices."),
        after={"notices": [n.pk for n in over]},
        values={"taken_down": len(over)},
        subject_id=call.actor.county_id,
    )


def _down(notices: list[PublicNotice], today: dt.date) -> None:
    ids = [n.pk for n in notices]
    PublicNotice.objects.filter(pk__in=ids).update(state="taken_down", taken_down_on=today)
    duties = Duty.objects.select_for_update().filter(
        county_id__in={n.county_id for n in notices}, subject_kind="notice", subject_id__in=[str(pk) for pk in ids],
        state="open",
    )  # fmt: skip
    for duty in duties:
        verbs.close(duty, today)


def _missing(place: str, zh: str, en: str) -> Problem:
    return Problem(
        place,
        Words(f"没有这个{zh}。", f"There is no such {en}."),
        Words("请核对后重新选择。", "Check it and choose again."),
        status=404,
    )
