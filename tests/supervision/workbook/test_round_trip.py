"""A ledger out and in again: nothing changed is nothing proposed; what was changed is done by its action, once."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.office import door
from luoshi.office.journal.models import Entry
from luoshi.office.plans.models import Task
from luoshi.supervision import actions as acts
from luoshi.supervision.models import Assignment, Report
from luoshi.supervision.workbook import actions
from luoshi.supervision.workbook.models import Change, Export
from tests.supervision.small_county import NOW, Small
from tests.supervision.workbook import books

OFFICER = "market.officer"


def accepted(small: Small, **more: Any) -> Assignment:
    """A share that the market unit has signed for."""
    share = small.share(small.task(**more), "market")
    assert acts.accept(small.call(OFFICER), assignment_id=share.pk).outcome
    return small.share(share.task, "market")


@pytest.mark.parametrize("layout", ["unit", "supervision"])
def test_nothing_changed_is_nothing_proposed(small: Small, layout: str) -> None:
    accepted(small)
    share = accepted(small, heading_zh="含\t制表符 和　空格的任务")
    acts.report_progress(small.call(OFFICER), assignment_id=share.pk, text="第一行\n第二行 =1+1", percent=30)
    seat = OFFICER if layout == "unit" else "office.supervisor"
    row = books.returned(small, seat, books.exported(small, seat, layout).read_bytes())
    assert (row.rows_read, Change.objects.filter(imported=row).count(), row.warnings[1:]) == (2, 0, [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heading=st.text(min_size=1, max_size=60),
    text=st.text(min_size=2, max_size=300),
    percent=st.integers(0, 99),
    printed=st.text(max_size=30),
)
def test_any_words_survive_the_way_out_and_in(
    small: Small, heading: str, text: str, percent: int, printed: str
) -> None:
    storable = str.maketrans({c: None for c in [*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFE, 0xFFFF]})
    heading, printed = heading.translate(storable) or "任务", printed.translate(storable)
    share = accepted(small, heading_zh=heading, deadline_words=printed)
    try:
        acts.report_progress(small.call(OFFICER), assignment_id=share.pk, text=text, percent=percent)
    except Exception as fault:  # what the action does not take is not in the ledger either
        assert "report_progress" not in str(type(fault))
    row = books.returned(small, OFFICER, books.exported(small, OFFICER).read_bytes())
    assert list(Change.objects.filter(imported=row).values_list("column", "was", "wanted")) == []


def test_words_that_a_table_shows_shorter_are_no_change(small: Small) -> None:
    share = accepted(small)
    assert acts.report_progress(small.call(OFFICER), assignment_id=share.pk, text="好\u200b", percent=3).outcome
    row = books.returned(small, OFFICER, books.exported(small, OFFICER).read_bytes())
    assert not Change.objects.filter(imported=row).exists()


def test_an_officer_fills_the_table_and_every_cell_becomes_its_act(small: Small) -> None:
    share = accepted(small)
    data = books.edited(
        books.exported(small, OFFICER),
        (1, "percent", 40), (1, "text", "已完成摸底，正在整改"), (1, "note", "附件另送"),
        (1, "extend_to", dt.datetime(2023, 12, 31)), (1, "extend_why", "雨季延误"),
    )  # fmt: skip
    row = books.returned(small, OFFICER, data)
    found = books.by_column(row)
    assert {c: x.verdict for c, x in found.items()} == dict.fromkeys(
        ("percent", "text", "note", "extend_to", "extend_why"), "ready"
    )
    assert (found["percent"].was, found["percent"].now, found["percent"].wanted) == ("0", "0", "40")
    share.refresh_from_db()
    assert (share.percent, Report.objects.count()) == (0, 0)  # nothing happens before it is applied
    assert books.applied(small, OFFICER, row) == {"done": 5, "refused": 0, "moved": 0}
    share.refresh_from_db()
    report = Report.objects.get()
    assert (share.percent, share.state, report.text) == (40, "in_progress", "已完成摸底，正在整改")
    notes = [e.content for e in Entry.objects.filter(action="assignment.note")]
    assert any("申请延期至2023-12-31：雨季延误" in n for n in notes) and any("附件另送" in n for n in notes)
    assert set(Change.objects.filter(imported=row).values_list("result", flat=True)) == {"done"}


def test_applying_again_does_nothing_twice(small: Small) -> None:
    accepted(small)
    data = books.edited(
        books.exported(small, OFFICER), (1, "percent", 40), (1, "text", "已完成摸底"), (1, "note", "见附件")
    )
    row = books.returned(small, OFFICER, data)
    books.applied(small, OFFICER, row)
    before = Entry.objects.filter(action__startswith="assignment.").count()
    assert books.applied(small, OFFICER, row) == {"done": 0, "refused": 0, "moved": 0}
    again = books.returned(small, OFFICER, data)
    found = books.by_column(again)
    assert set(found) == {"note"} and found["note"].verdict == "ask"  # the rest stands already
    books.applied(small, OFFICER, again)
    assert Entry.objects.filter(action__startswith="assignment.").count() == before


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        accepted(small)
    cells = [(n, c, v) for n in (1, 2, 3) for c, v in (("percent", 10 + n), ("text", f"进展第{n}"))]
    row = books.returned(small, OFFICER, books.edited(books.exported(small, OFFICER), *cells))

    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("luoshi.supervision.workbook.applying.settle", broken)
        with pytest.raises(RuntimeError):
            books.applied(small, OFFICER, row)
    assert Report.objects.count() == 3 and not Change.objects.exclude(result="").exists()
    assert books.applied(small, OFFICER, row) == {"done": 6, "refused": 0, "moved": 0}
    assert Report.objects.count() == 3


def test_cells_changed_in_the_house_are_conflicts_for_a_person(small: Small) -> None:
    share = accepted(small)
    path = books.exported(small, OFFICER)
    acts.report_progress(small.call(OFFICER), assignment_id=share.pk, text="系统里报的进展", percent=20)
    row = books.returned(small, OFFICER, books.edited(path, (1, "percent", 50), (1, "text", "表里写的进展")))
    found = books.by_column(row)
    assert {c: (x.verdict, x.was, x.now, x.wanted, x.decision) for c, x in found.items()} == {
        "percent": ("conflict", "0", "20", "50", ""),
        "text": ("conflict", "", "系统里报的进展", "表里写的进展", ""),
    }
    assert books.applied(small, OFFICER, row)["done"] == 0  # undecided cells are not done
    decisions = {found["percent"].pk: "keep", found["text"].pk: "take"}
    assert actions.decide(small.call(OFFICER), import_id=row.pk, decisions=decisions).outcome
    assert books.applied(small, OFFICER, row)["done"] == 1
    share.refresh_from_db()
    assert (share.percent, Report.objects.order_by("-number")[0].text) == (20, "表里写的进展")


def test_a_day_and_its_reason_are_taken_together_or_not_at_all(small: Small) -> None:
    accepted(small)
    data = books.edited(books.exported(small, OFFICER), (1, "extend_to", "12月31日"), (1, "extend_why", "雨季延误"))
    row = books.returned(small, OFFICER, data)
    found = books.by_column(row)
    assert {x.verdict for x in found.values()} == {"ask"}  # the year was guessed
    actions.decide(small.call(OFFICER), import_id=row.pk, decisions={found["extend_why"].pk: "take"})
    assert books.applied(small, OFFICER, row) == {"done": 0, "refused": 1, "moved": 0}
    assert not Entry.objects.filter(action="assignment.note").exists()
    assert "一起采用" in books.by_column(row)["extend_why"].result_zh


def test_two_people_at_once_the_second_sees_what_the_first_did(small: Small) -> None:
    share = accepted(small)
    path = books.exported(small, OFFICER)
    mine = books.returned(small, OFFICER, books.edited(path, (1, "percent", 40), (1, "text", "承办人的进展")))
    head = books.returned(
        small, "market.unit_head", books.edited(path, (1, "percent", 60), (1, "text", "负责人的进展"))
    )
    assert books.applied(small, OFFICER, mine)["done"] == 2
    assert books.applied(small, "market.unit_head", head) == {"done": 0, "refused": 0, "moved": 2}
    left = books.by_column(head)
    assert {(x.verdict, x.now) for x in left.values()} == {("conflict", "40"), ("conflict", "承办人的进展")}
    actions.decide(small.call("market.unit_head"), import_id=head.pk, decisions={}, rest="take")
    assert books.applied(small, "market.unit_head", head)["done"] == 2
    share.refresh_from_db()
    assert (share.percent, Report.objects.count()) == (60, 2)


def test_read_only_columns_new_and_missing_rows_are_named(small: Small) -> None:
    for _ in range(3):
        accepted(small)
    path = books.exported(small, OFFICER)

    def more(sheet: Any) -> None:
        sheet.delete_rows(books.first_row(sheet) + 1)
        sheet.cell(sheet.max_row + 1, books.place(sheet, "task")).value = "自己加的任务"

    row = books.returned(
        small, OFFICER, books.edited(path, (1, "task", "改了任务名"), (1, "due_on", "2024年1月1日"), more=more)
    )
    found = books.by_column(row)
    assert {c: x.verdict for c, x in found.items()} == dict.fromkeys(("task", "due_on", "code"), "refused")
    assert found["code"].wanted == "自己加的任务" and found["due_on"].wanted == "2024-01-01"
    assert any("1行不在表里" in w["zh"] for w in row.warnings)
    task = Task.objects.first()
    assert books.applied(small, OFFICER, row)["done"] == 0 and task is not None and task.heading_zh != "改了任务名"


def test_a_supervisor_extends_and_notes_but_does_not_report(small: Small) -> None:
    share = accepted(small)
    path = books.exported(small, "lead-office.leading_office", "supervision")
    data = books.edited(
        path,
        (1, "extend_to", "2023.12.31"),
        (1, "extend_why", "上级调整计划"),
        (1, "percent", 50),
        (1, "text", "代填的进展"),
    )
    row = books.returned(small, "lead-office.leading_office", data)
    found = books.by_column(row)
    assert {c: x.verdict for c, x in found.items()} == {
        "extend_to": "ready", "extend_why": "ready", "percent": "refused", "text": "refused",
    }  # fmt: skip
    assert books.applied(small, "lead-office.leading_office", row)["done"] == 2
    assert small.share(share.task, "market").duty.due_on == dt.date(2023, 12, 31)


def test_the_whole_way_from_signing_to_done(small: Small) -> None:
    task = small.task()
    row = books.returned(
        small, OFFICER,
        books.edited(books.exported(small, OFFICER), (1, "move", "签收"), (1, "percent", 30), (1, "text", "已经开始")),
    )  # fmt: skip
    assert books.applied(small, OFFICER, row)["done"] == 3
    row = books.returned(
        small, OFFICER, books.edited(books.exported(small, OFFICER), (1, "move", "报办结"), (1, "text", "全部完成"))
    )
    assert books.applied(small, OFFICER, row)["done"] == 2
    assert small.share(task, "market").state == "reported"


def test_a_person_is_named_and_taken_away(small: Small) -> None:
    share = accepted(small)
    head = "market.unit_head"
    name = small.seats[OFFICER].account.display_name
    row = books.returned(small, head, books.edited(books.exported(small, head), (1, "person", name)))
    assert books.applied(small, head, row)["done"] == 1
    assert small.share(share.task, "market").duty.account_id == small.seats[OFFICER].account_id
    row = books.returned(small, head, books.edited(books.exported(small, head), (1, "person", None)))
    assert books.applied(small, head, row)["done"] == 1
    assert small.share(share.task, "market").duty.account_id is None
    row = books.returned(small, head, books.edited(books.exported(small, head), (1, "person", "查无此人")))
    assert books.by_column(row)["person"].verdict == "refused"
    row = books.returned(small, OFFICER, books.edited(books.exported(small, OFFICER), (1, "person", name)))
    assert books.by_column(row)["person"].verdict == "refused"  # an officer assigns nobody


def test_nobody_sees_or_changes_what_is_not_theirs(small: Small) -> None:
    accepted(small)
    path = books.exported(small, OFFICER)
    row = books.returned(small, "police.officer", books.edited(path, (1, "percent", 90), (1, "text", "别人的进展")))
    found = books.by_column(row)
    assert (found["code"].verdict, "无权查看" in found["code"].words_zh) == ("refused", True)
    empty = books.exported(small, "police.officer")
    assert Export.objects.get(pk=books.number_of(empty)).rows == 0


def test_exports_of_another_county_mean_nothing_here(small: Small) -> None:
    from tests.supervision import small_county

    other = small_county.make("other")
    share = other.share(other.task(), "market")
    path = books.exported(other, OFFICER)
    row = books.returned(small, OFFICER, books.edited(path, (1, "note", "外县的备注")))
    assert books.by_column(row)["code"].verdict == "refused" and share.pk


def test_an_export_is_read_as_of_its_own_moment_even_after_two_more_reports(small: Small) -> None:
    share = accepted(small)
    acts.report_progress(small.call(OFFICER), assignment_id=share.pk, text="导出时的进展", percent=10)
    path = books.exported(small, OFFICER)
    for n in (20, 30):
        acts.report_progress(small.call(OFFICER, now=NOW), assignment_id=share.pk, text=f"后来的进展{n}", percent=n)
    row = books.returned(small, OFFICER, books.edited(path, (1, "percent", 35)))
    found = books.by_column(row)
    assert set(found) == {"percent"}  # the text was left as exported, so nobody wants the old one back
    assert (found["percent"].was, found["percent"].now) == ("10", "30")
    with door.opened("fixture"):
        Change.objects.filter(pk=found["percent"].pk).update(decision="take")
    assert books.applied(small, OFFICER, row)["done"] == 1
    assert Report.objects.order_by("-number")[0].text == "后来的进展30"
