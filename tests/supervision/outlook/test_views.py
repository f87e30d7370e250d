"""Saved views: kept, shared within the unit, opened first, taken away; columns chosen; rows to copy."""

import re

import pytest
from django.test import Client

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.ledger import Column, FilterWord, Ledger, Linked, Marked, Pager, Row
from luoshi.supervision.outlook import actions, ledger_shape, values, view_rules
from luoshi.supervision.outlook.models import DefaultView, SavedView
from tests.supervision.small_county import TODAY, Small
from tests.supervision.test_pages import browser, html_of, request_id

OVERDUE = {"standing": "overdue"}


def saved(small: Small, seat: str, name: str = "逾期", **given: object) -> SavedView:
    given.setdefault("filters", OVERDUE)
    made = actions.save_view(small.call(seat), name=name, **given)
    assert made.outcome, made.outcome
    return SavedView.objects.get(pk=made.values["view"])


def test_saving_under_the_same_name_replaces_the_view(small: Small) -> None:
    first = saved(small, "market.officer", columns=("due", "due", "units"))
    again = saved(small, "market.officer", filters={"state": "open", "after": "x", "q": ""})
    assert (first.columns, again.pk) == (["due", "units"], first.pk)
    assert (again.filters, again.columns) == ({"state": "open"}, [])


def test_another_person_keeps_a_view_of_the_same_name(small: Small) -> None:
    assert saved(small, "market.officer").pk != saved(small, "market.unit_head").pk


def test_one_person_keeps_only_so_many(small: Small) -> None:
    most = values.views_on(TODAY).most
    for n in range(most):
        saved(small, "market.officer", f"视图{n}")
    refused = actions.save_view(small.call("market.officer"), name="又一个")
    assert not refused.outcome and refused.outcome.reasons[0].code == "too_many_views"
    saved(small, "market.officer", "视图0", filters={"state": "done"})  # one that is there may still change


def test_a_view_is_seen_by_the_unit_only_once_it_is_shared(small: Small) -> None:
    view = saved(small, "market.officer", "本单位的")
    head, other = browser(small, "market.unit_head"), browser(small, "health.officer")
    assert "本单位的" not in html_of(head, "/tasks?view=all")
    assert actions.share_view(small.call("market.officer"), view_id=view.pk, shared=True).outcome
    assert "本单位的" in html_of(head, "/tasks?view=all") and "本单位的" not in html_of(other, "/tasks?view=all")


@pytest.mark.parametrize("act", ["share", "remove"])
def test_a_shared_view_is_changed_by_its_owner_alone(small: Small, act: str) -> None:
    view = saved(small, "market.officer")
    actions.share_view(small.call("market.officer"), view_id=view.pk, shared=True)
    head = small.call("market.unit_head")
    result = (
        actions.share_view(head, view_id=view.pk, shared=False)
        if act == "share"
        else actions.remove_view(head, view_id=view.pk)
    )
    assert not result.outcome and SavedView.objects.get(pk=view.pk).unit_id == small.units["market"].pk


def test_nobody_opens_with_a_view_that_is_not_theirs(small: Small) -> None:
    view = saved(small, "market.officer")
    assert not actions.set_default_view(small.call("health.officer"), view_id=view.pk).outcome
    assert not DefaultView.objects.exists()


def test_the_ledger_opens_with_the_first_view_and_can_be_left(small: Small) -> None:
    view = saved(small, "market.officer", columns=("due",))
    client = browser(small, "market.officer")
    assert client.get("/tasks").status_code == 200
    assert actions.set_default_view(small.call("market.officer"), view_id=view.pk).outcome
    opened = client.get("/tasks")
    assert opened.status_code == 303 and opened["Location"] == f"/tasks?standing=overdue&col=due&view={view.pk}"
    assert client.get("/tasks?view=all").status_code == 200 and client.get("/tasks?state=done").status_code == 200
    assert browser(small, "market.unit_head").get("/tasks").status_code == 200
    assert actions.set_default_view(small.call("market.officer")).outcome
    assert client.get("/tasks").status_code == 200


def test_unsharing_and_removing_take_the_view_from_those_who_opened_with_it(small: Small) -> None:
    view = saved(small, "market.officer")
    actions.share_view(small.call("market.officer"), view_id=view.pk, shared=True)
    assert actions.set_default_view(small.call("market.unit_head"), view_id=view.pk).outcome
    assert actions.set_default_view(small.call("market.officer"), view_id=view.pk).outcome
    actions.share_view(small.call("market.officer"), view_id=view.pk, shared=False)
    assert [row.account_id for row in DefaultView.objects.all()] == [small.seats["market.officer"].account_id]
    assert actions.remove_view(small.call("market.officer"), view_id=view.pk).outcome
    assert not DefaultView.objects.exists() and not SavedView.objects.exists()


def test_saving_from_the_page_keeps_filters_and_columns_and_opens_the_view(small: Small) -> None:
    client = browser(small, "office.supervisor")
    page = html_of(client, "/tasks?state=open&col=due&col=units")
    given = {"request_id": request_id(page), "name": "在办", "query": "state=open&col=due&col=units"}
    sent = client.post("/tasks/views", given)
    view = SavedView.objects.get()
    assert (view.filters, view.columns) == ({"state": "open"}, ["due", "units"])
    assert sent.status_code == 303 and f"view={view.pk}" in sent["Location"]
    assert client.post("/tasks/views", given).status_code == 303 and SavedView.objects.count() == 1


@pytest.mark.parametrize("query", ["standing=nonsense", "plan=abc", "sort=colour"])
def test_a_view_that_could_not_be_opened_is_not_kept(small: Small, query: str) -> None:
    client = browser(small, "office.supervisor")
    given = {"request_id": request_id(html_of(client, "/tasks?view=all")), "name": "坏的", "query": query}
    assert client.post("/tasks/views", given).status_code == 400
    assert not SavedView.objects.exists()


def test_the_buttons_of_the_views_page_do_what_they_say(small: Small) -> None:
    view = saved(small, "market.officer")
    client = browser(small, "market.officer")

    def press(verb: str) -> None:
        given = {"request_id": request_id(html_of(client, "/tasks/views"))}
        assert client.post(f"/tasks/views/{view.pk}/{verb}", given).status_code == 303

    press("share"), press("first")
    view.refresh_from_db()
    assert view.unit_id == small.units["market"].pk and DefaultView.objects.count() == 1
    press("none-first"), press("unshare"), press("remove")
    assert not SavedView.objects.exists()
    assert "还没有保存的视图" in html_of(client, "/tasks/views")


def test_chosen_columns_stay_with_every_link_of_the_page(small: Small) -> None:
    for _ in range(51):
        small.task()
    html = html_of(browser(small, "office.supervisor"), "/tasks?view=all&col=due")
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)
    assert [re.sub("<.*?>", "", head) for head in heads] == ["任务", "期限"]
    links = re.findall(r'href="(\?[^"]*)"', html) + re.findall(r'rel="next" href="([^"]*)"', html)
    assert links and all("col=due" in link for link in links)


def ledger() -> Ledger:
    columns = (
        Column("a", Words("甲", "A"), sort_url="?sort=a"), Column("b", Words("乙", "B")), Column("c", Words("丙", "C"))
    )  # fmt: skip
    rows = (
        Row("1", (Words("=1+1", "=1+1"), Marked("near", Words("快到", "near")), TODAY)),
        Row("2", ("-x\ty", Linked(3, "/x"), None)),
    )
    words = FilterWord(Words("筛", "f"), "?")
    return Ledger("k", Words("表", "T"), columns, rows, ("共", 1, 2), (words,), Pager(Words("", ""), "", "?after=1"))


def test_a_shaped_ledger_has_its_head_and_the_chosen_columns_in_its_own_order() -> None:
    shaped = ledger_shape.shaped(ledger(), ["c"], "col=c")
    assert [c.key for c in shaped.columns] == ["a", "c"] and [len(r.cells) for r in shaped.rows] == [2, 2]
    assert shaped.totals == ("共", 2) and shaped.columns[0].sort_url == "?sort=a&col=c"
    assert shaped.filters[0].remove_url == "?col=c" and shaped.pager and shaped.pager.older_url == "?after=1&col=c"
    assert shaped.pager.newer_url == ""


def test_rows_to_copy_are_one_line_each_and_no_formula() -> None:
    lines = list(ledger_shape.as_lines(ledger(), lambda words: words.zh, {}))
    assert lines == ["甲\t乙\t丙", "'=1+1\t快到\t2023-07-03", "'-x y\t3\t"]


def test_the_copy_page_gives_what_is_filtered(small: Small) -> None:
    small.task(heading_zh="要复制的", units=(("market", "responsible"),))
    small.task(heading_zh="别家的", units=(("health", "responsible"),))
    html = html_of(browser(small, "market.officer"), "/tasks/copy?col=due")
    assert "要复制的\t2023-09-28" in html and "别家的" not in html


@pytest.mark.parametrize("given", [{"Q": "x"}, {"q": "x" * 201}, {f"n{chr(97 + n)}": "1" for n in range(21)}])
def test_what_is_no_filter_is_a_problem(given: dict[str, str]) -> None:
    with pytest.raises(Problem) as told:
        view_rules.filters(given)
    assert told.value.status == 422


def test_what_else_stands_in_an_address_breaks_no_ledger(small: Small) -> None:
    client = browser(small, "office.supervisor")
    assert client.get("/tasks?view=all&UTM-x=1&q=" + "x" * 300).status_code == 200
    assert view_rules.of_address({"UTM-x": "1", "q": "a", "after": "z"}) == {"q": "a"}


def test_what_is_no_column_is_a_problem() -> None:
    with pytest.raises(Problem):
        view_rules.columns(["<script>"])


def test_strangers_are_sent_to_sign_in(small: Small) -> None:
    assert Client().get("/tasks/views").status_code == 302
