"""What the public is shown: by the printed class and the county's decision; the same on page, CSV, JSON and API."""

import csv
import datetime as dt
import io
import json

import pytest
from django.test import Client

from luoshi.office import door, present
from luoshi.office.plans.models import DatedValue, Document, Plan, Task
from luoshi.supervision import actions as supervision
from luoshi.supervision.promises import actions, publicity, queries
from luoshi.supervision.promises.models import Publicity, PublicNote
from luoshi.supervision.promises.queries import Wanted
from tests.office.people.test_persons import made_id
from tests.supervision import small_county
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_actions import reported

REASON = "县政府常务会议决定公开"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "now", lambda: small_county.NOW)


@pytest.fixture
def public(small: Small) -> Client:
    return Client()


def publish_plan(small: Small) -> None:
    assert actions.publish_plan(small.call("office.disclosure_officer"), plan_id=small.plan.pk, reason=REASON).outcome


def listed(small: Small, **wanted: object) -> list[queries.Promise]:
    return list(queries.every(queries.view(small.county, TODAY), Wanted(**wanted)))  # type: ignore[arg-type]


def document(small: Small, disclosure: str, code: str = "doc") -> Document:
    with door.opened("fixture"):
        made = Document.objects.create(county=small.county, code=code, title_zh="方案", disclosure=disclosure)
        Plan.objects.filter(pk=small.plan.pk).update(document=made)
    return made


# --- which tasks are public --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("disclosure,shown", [("proactive", 1), ("on_request", 0), ("withheld", 0), ("", 0)])
def test_the_printed_class_decides_where_the_county_has_not(small: Small, disclosure: str, shown: int) -> None:
    small.task()
    document(small, disclosure)
    assert len(listed(small)) == shown


def test_nothing_is_shown_of_a_plan_without_a_document(small: Small, public: Client) -> None:
    task = small.task()
    assert listed(small) == []
    assert public.get(f"/promises/food/{task.code}").status_code == 404


def test_a_document_opened_online_opens_its_tasks(small: Small) -> None:
    small.task()
    document(small, "on_request")
    with door.opened("fixture"):
        DatedValue.objects.create(
            county=small.county, subject="gazette", key=f"{publicity.ONLINE}.doc", value=True, from_on=TODAY,
            reason="裁定", decided_by="信息公开员",
        )  # fmt: skip
    assert len(listed(small)) == 1


def test_the_strictest_document_of_a_plan_counts(small: Small) -> None:
    task = small.task()
    document(small, "proactive")
    other = document(small, "withheld", "other")
    with door.opened("fixture"):
        Task.objects.filter(pk=task.pk).update(document=other)
        Plan.objects.filter(pk=small.plan.pk).update(document=Document.objects.get(code="doc"))
    assert listed(small) == []


def test_withheld_is_gone_from_page_and_data_at_once(small: Small, public: Client) -> None:
    one, other = small.task(heading_zh="甲事项"), small.task(heading_zh="乙事项")
    publish_plan(small)
    assert {p.task_id for p in listed(small)} == {one.pk, other.pk}
    held = actions.withhold(small.call("office.county_head"), task_id=one.pk, reason="涉及未公开事项")
    assert held.outcome
    assert {p.task_id for p in listed(small)} == {other.pk}
    for address in ("/promises", "/promises/data.csv", "/promises/data.json", "/api/v1/promises"):
        words = said(public.get(address))
        assert "乙事项" in words and "甲事项" not in words, address
    assert public.get(f"/promises/food/{one.code}").status_code == 404
    assert public.get(f"/api/v1/promises/{one.pk}").status_code == 404
    assert queries.totals(queries.view(small.county, TODAY), Wanted())["all"] == 1


def test_one_task_of_a_hidden_plan_can_be_shown_and_is_counted(small: Small) -> None:
    shown, _ = small.task(), small.task()
    assert actions.publish(small.call("office.disclosure_officer"), task_id=shown.pk, reason=REASON).outcome
    assert [p.task_id for p in listed(small)] == [shown.pk]
    assert queries.totals(queries.view(small.county, TODAY), Wanted())["all"] == 1


def test_the_same_decision_twice_is_refused_and_another_takes_its_place(small: Small) -> None:
    publish_plan(small)
    again = actions.publish_plan(small.call("office.county_head"), plan_id=small.plan.pk, reason=REASON)
    assert again.outcome.reasons[0].code == "decided_so"
    assert actions.withhold_plan(small.call("office.county_head"), plan_id=small.plan.pk, reason="另有决定").outcome
    assert Publicity.objects.count() == 1 and not Publicity.objects.get().shown


@pytest.mark.parametrize(
    "seat", ["market.officer", "office.supervisor", "lead-office.leading_office", "office.auditor"]
)
def test_others_may_not_decide(small: Small, seat: str) -> None:
    answer = actions.publish_plan(small.call(seat), plan_id=small.plan.pk, reason=REASON)
    assert answer.outcome.reasons[0].code == "role_may_not" and not Publicity.objects.exists()


def test_another_countys_promises_are_never_shown(small: Small, public: Client) -> None:
    foreign = small_county.make("foreign")
    task = foreign.task(heading_zh="外县事项")
    publish_plan(foreign)
    publish_plan(small)
    mine = small.task(heading_zh="本县事项")
    for address in ("/promises", "/promises?show=all", "/promises/data.csv", "/promises/data.json", "/api/v1/promises"):
        assert "外县事项" not in said(public.get(address)), address
    assert public.get(f"/promises/food/{task.code}").status_code == 404
    assert public.get(f"/promises?unit={foreign.units['market'].pk}").status_code == 200
    assert [p.task_id for p in listed(small)] == [mine.pk]


# --- what a promise says -----------------------------------------------------------------------------------------------


def test_overdue_stands_in_plain_sight_with_its_days(small: Small, public: Client) -> None:
    task = small.task(due_on=dt.date(2023, 6, 23), deadline_words="6月23日前")
    publish_plan(small)
    (promise,) = listed(small)
    assert (promise.standing, promise.days_overdue) == ("overdue", 10)
    for address in ("/promises", f"/promises/food/{task.code}"):
        assert "已逾期10天" in said(public.get(address))
    assert "“6月23日前”" in said(public.get(f"/promises/food/{task.code}"))


@pytest.mark.parametrize(
    "due_on,standing", [("2023-07-02", "overdue"), ("2023-07-03", "near"), ("2023-12-29", "on_time")]
)
def test_both_sides_of_the_day(small: Small, due_on: str, standing: str) -> None:
    small.task(due_on=dt.date.fromisoformat(due_on))
    publish_plan(small)
    assert listed(small)[0].standing == standing


def test_an_extended_day_keeps_the_first_one_in_sight(small: Small, public: Client) -> None:
    task = small.task(due_on=dt.date(2023, 9, 28))
    publish_plan(small)
    share = small.share(task, "market")
    moved = supervision.extend(
        small.call("lead-office.leading_office"), assignment_id=share.pk, due_on="2023-10-20", reason="内部原因不外传"
    )
    assert moved.outcome, moved.outcome
    (promise,) = listed(small)
    assert (promise.due_on, promise.first_due_on) == (dt.date(2023, 10, 20), dt.date(2023, 9, 28))
    page = said(public.get(promise.address))
    assert "2023年9月28日" in page and "内部原因不外传" not in page


def test_no_word_of_a_report_and_no_person_is_shown(small: Small, public: Client) -> None:
    poison = (
        f"户主张三，身份证{made_id(3)}，电话13800000000，由{small.seats['market.officer'].account.display_name}核实"
    )
    share, report = reported(small, heading_zh=f"整改{made_id(4)}一户，联系人：李四 13800001234")
    with door.opened("fixture"):
        report.text = poison
        report.save(update_fields=["text"])
        PublicNote.objects.create(county=small.county, task=share.task, text=f"旧说明{made_id(5)}", noted_on=TODAY)
    publish_plan(small)
    names = [row.account.display_name for row in small.seats.values()]
    secrets = [made_id(3), made_id(4), made_id(5), "13800000000", "13800001234", "张三", "李四", *names]
    (promise,) = listed(small, show="all")
    for address in (
        "/promises?show=all",
        promise.address,
        "/promises/data.csv",
        "/promises/data.json",
        "/api/v1/promises",
    ):
        words = said(public.get(address))
        assert "整改" in words
        assert [s for s in secrets if s in words] == [], address
    assert promise.files == 1 and promise.reported_on == TODAY, "that there is evidence is told"


def test_a_returned_report_is_not_told(small: Small) -> None:
    share, report = reported(small)
    publish_plan(small)
    assert supervision.review_return(small.call("office.supervisor"), report_id=report.pk, reason="材料不全").outcome
    assert listed(small)[0].reported_on is None
    assert share.task.pk == listed(small)[0].task_id


def test_a_note_is_refused_with_personal_data_and_for_what_is_not_shown(small: Small) -> None:
    task = small.task()
    call = small.call
    hidden = actions.note(call("office.supervisor"), task_id=task.pk, text="已经完成摸底。")
    assert hidden.outcome.reasons[0].code == "not_public"
    publish_plan(small)
    from luoshi.core.problem import Problem

    for text in (
        f"户主{made_id(9)}已通过",
        "请打0472-8123456咨询",
        f"{small.seats['health.officer'].account.display_name}已办",
    ):
        with pytest.raises(Problem) as fault:
            actions.note(call("office.supervisor"), task_id=task.pk, text=text)
        assert fault.value.status == 422 and made_id(9) not in str(fault.value.words)
    assert actions.note(call("office.supervisor"), task_id=task.pk, text="已经完成摸底。").outcome
    assert listed(small)[0].note == "已经完成摸底。"


def test_the_note_of_another_leading_office_is_refused(small: Small) -> None:
    task = small.task()
    publish_plan(small)
    other = actions.note(small.call("other-lead.leading_office"), task_id=task.pk, text="越界的说明")
    assert other.outcome.reasons[0].code == "outside_scope"
    assert actions.note(small.call("lead-office.leading_office"), task_id=task.pk, text="牵头办的说明").outcome


# --- the same everywhere -----------------------------------------------------------------------------------------------


def said(response: object) -> str:
    streaming = getattr(response, "streaming", False)
    body = b"".join(response.streaming_content) if streaming else response.content  # type: ignore[attr-defined]
    words = str(body.decode("utf-8"))
    if words[:1] == "{":
        words += json.dumps(json.loads(words), ensure_ascii=False)
    return words


def many(small: Small) -> None:
    for n in range(60):
        day = TODAY + dt.timedelta(days=n - 20) if n % 7 else None
        units = ((("market", "lead"), ("health", "support")), (("towns", "responsible"),), (("police", "responsible"),))
        small.task("lead_support" if n % 3 == 0 else "joint", units[n % 3], due_on=day, heading_zh=f"事项{n}")
    with door.opened("fixture"):
        for task in Task.objects.filter(order__gt=0).order_by("pk")[:10]:
            state = ("done", "suspended", "cancelled", "closed")[task.pk % 4]
            Task.objects.filter(pk=task.pk).update(state=state, done_on=TODAY if state in ("done", "closed") else None)
    publish_plan(small)


def test_csv_json_api_and_pages_are_equal(small: Small, public: Client) -> None:
    many(small)
    rows = list(csv.DictReader(io.StringIO(said(public.get("/promises/data.csv")).lstrip("\ufeff"))))
    whole = json.loads(b"".join(public.get("/promises/data.json").streaming_content))
    assert whole["as_of"] == TODAY.isoformat() and whole["licence"]["zh"]
    assert list(whole["columns"]) == list(rows[0])
    as_text = [{k: "" if v is None else str(v) for k, v in one.items()} for one in whole["promises"]]
    assert as_text == rows and len(rows) == 60
    found, after = [], 0
    while after is not None:
        answer = public.get(f"/api/v1/promises?after={after}&limit=25").json()
        found += answer["items"]
        after = answer["next"]
    by_page = {one["page"]: one for one in whole["promises"]}
    assert {one["page"]: {k: v for k, v in one.items() if k != "id"} for one in found} == by_page
    shown, url = [], "/promises?show=all"
    while url:
        page = public.get(url)
        shown += [line.url for line in page.context["lines"]]
        older = page.context["pager"].older_url
        url = f"/promises{older}" if older else ""
    assert shown == [one["page"] for one in whole["promises"]]


@pytest.mark.parametrize(
    "filters", [{}, {"unit": "market"}, {"unit": "town-a"}, {"town": "town-a"}, {"unit": "town-a", "town": "town-a"}]
)
def test_totals_are_what_is_listed_under_every_filter(small: Small, filters: dict[str, str]) -> None:
    many(small)
    hidden, shown = Task.objects.order_by("pk")[15:17]
    assert actions.withhold(small.call("office.county_head"), task_id=hidden.pk, reason="另有决定").outcome
    with door.opened("fixture"):
        other = Plan.objects.create(county=small.county, code="other", subject="x", name_zh="另", name_en="Other")
    extra = small.task(plan=other)
    assert actions.publish(small.call("office.county_head"), task_id=extra.pk, reason=REASON).outcome
    ids = {"unit_id": small.units[filters["unit"]].pk} if "unit" in filters else {}
    ids |= {"town_id": small.places[filters["town"]].pk} if "town" in filters else {}
    seen = queries.view(small.county, TODAY)
    totals = queries.totals(seen, Wanted(**ids))
    assert totals["all"] > 0 and shown.pk
    for show in queries.SHOWN:
        assert totals[show] == len(list(queries.every(seen, Wanted(**ids, show=show)))), show
        by_standing = [p for p in queries.every(seen, Wanted(**ids, show="all")) if show in ("all", p.standing)]
        if show in ("overdue", "near", "on_time", "suspended", "cancelled", "all"):
            assert len(by_standing) == totals[show], show


def test_the_first_page_is_small_and_needs_no_script(small: Small, public: Client) -> None:
    many(small)
    page = public.get("/promises?show=all")
    assert len(page.content) <= 60_000
    assert page.content.count(b"<script") == 1, "only the house's own, for the draft of forms; nothing here needs it"


@pytest.mark.parametrize(
    "query", ["show=x", "plan=abc", "after=x", "after=2023-13-01-4", "after=2023-07-01-x", "unit=-1"]
)
def test_a_bad_address_is_told(small: Small, public: Client, query: str) -> None:
    assert public.get(f"/promises?{query}").status_code == 400


def test_the_desk_shows_and_decides(small: Small) -> None:
    task = small.task()
    client = Client()
    client.force_login(small.seats["office.disclosure_officer"].account)
    assert "未标公开属性" in said(client.get("/promises/desk"))
    url = f"/promises/desk/plan/{small.plan.pk}"
    sent = client.post(url, {"verb": "decide", "show": "show", "reason": REASON, "request_id": "desk-0001"})
    assert sent.status_code == 303 and len(listed(small)) == 1
    url = f"/promises/desk/task/{task.pk}"
    bad = client.post(url, {"verb": "note", "text": f"户主{made_id(9)}", "request_id": "desk-0002"})
    assert bad.status_code == 422 and "公民身份号码" in said(bad)
    assert client.post(url, {"verb": "note", "text": "已完成摸底", "request_id": "desk-0003"}).status_code == 303
    assert "已完成摸底" in said(client.get(url))
    officer = Client()
    officer.force_login(small.seats["market.officer"].account)
    assert officer.get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_of_a_hidden_plan_only_the_units_of_shown_tasks_can_be_chosen(small: Small, public: Client) -> None:
    task, hidden = small.task(), small.task(units=(("police", "responsible"),))
    assert actions.publish(small.call("office.disclosure_officer"), task_id=task.pk, reason=REASON).outcome
    page = public.get("/promises").content.decode()
    shown, other = small.units["market"], small.units["police"]
    assert hidden.plan_id == task.plan_id
    assert f'<option value="{shown.pk}"' in page and f'<option value="{other.pk}"' not in page
