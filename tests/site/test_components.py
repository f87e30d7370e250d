"""What the components promise: nothing typed is lost, nothing unescaped gets out, no colour says anything alone."""

import datetime as dt
import re

import pytest
from django.template import Context, Template
from django.utils import translation
from lxml import html

from luoshi.core.outcome import Granted, Needs, Reason, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office import rail
from luoshi.office.access import Actor
from luoshi.office.fields import Field, Form, Option
from luoshi.office.ledger import Column, Ledger, Linked, Row
from luoshi.site.templatetags.components import STATES

HOSTILE = '<script>alert("1")</script>'
DAY = dt.date(2023, 7, 3)


def rendered(source: str, language: str = "zh-hans", **given: object) -> str:
    with translation.override(language):
        return Template(source).render(Context(given))


@pytest.mark.parametrize("code", sorted(STATES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_state_has_a_word(code: str, language: str) -> None:
    mark = rendered("{% state_mark code %}", language, code=code)
    assert STATES[code].pick(language) in mark


def test_every_state_has_a_shape_of_its_own_in_the_style_sheet(client) -> None:
    css = b"".join(client.get("/static/luoshi/luoshi.css").streaming_content).decode()
    shapes = [
        re.search(rf"\.state\.{code}::before[^{{]*{{ content: \"(.)\"", css)[1]
        for code in ("on_time", "near", "overdue", "suspended")
    ]  # type: ignore[index]
    assert shapes == ["●", "▲", "■", "◆"]


@pytest.mark.parametrize(
    ("due_on", "zh", "en"),
    [
        (dt.date(2023, 7, 3), "今天到期", "Due today"),
        (dt.date(2023, 7, 4), "还剩1个工作日，2023年7月4日（周二）", "1 working day left, 4 Jul 2023 (Tue)"),
        (dt.date(2023, 7, 10), "还剩5个工作日，2023年7月10日（周一）", "5 working days left, 10 Jul 2023 (Mon)"),
        (
            dt.date(2023, 6, 30),
            "已逾期1个工作日，原定2023年6月30日（周五）",
            "1 working day late, was due 30 Jun 2023 (Fri)",
        ),
        (None, "没有期限", "No due day"),
    ],
)
def test_days_left_are_working_days_with_the_day(due_on: dt.date | None, zh: str, en: str) -> None:
    assert rendered("{% days_left due today %}", due=due_on, today=DAY) == zh
    assert rendered("{% days_left due today %}", "en", due=due_on, today=DAY) == en


def test_a_ledger_escapes_what_it_shows() -> None:
    columns = (
        Column("a", Words("甲", "A")),
        Column("b", Words("乙", "B")),
        Column("s", Words("状态", "State"), "state"),
        Column("c", Words("条", "C"), "clause"),
    )
    row = Row(
        "1", (HOSTILE, Linked(Words(HOSTILE, HOSTILE), f"/?{HOSTILE}"), HOSTILE, f"FOOD-{HOSTILE}"), href=f"/{HOSTILE}"
    )
    page = rendered(
        '{% include "site/components/ledger.html" %}',
        ledger=Ledger("k", Words("台账", "L"), columns, (row,)),
        heading=True,
    )
    assert "<script" not in page and "&lt;script&gt;" in page


def test_a_ledger_row_has_one_cell_a_column() -> None:
    with pytest.raises(AssertionError, match="one cell per column"):
        Ledger("k", Words("台账", "L"), (Column("a", Words("甲", "A")),), (Row("1", ("x", "y")),))


def test_figures_stand_right_and_are_grouped() -> None:
    columns = (Column("a", Words("甲", "A")), Column("n", Words("数", "N"), "figure"))
    page = rendered(
        '{% include "site/components/ledger.html" %}',
        ledger=Ledger("k", Words("台账", "L"), columns, (Row("1", ("x", 1234567)),)),
    )
    assert '<td class="num">1,234,567</td>' in page


REASONS = (
    Reason("r1", Words("还没签收。", "Not accepted."), Words("请先签收。", "Accept first."), ("FOOD-0d",)),
    Reason("r2", Words("缺报告。", "No report.")),
)


@pytest.mark.parametrize("outcome", [Refused(REASONS), Needs(REASONS)])
def test_an_act_that_is_not_possible_says_why_and_cannot_be_sent(outcome: Refused | Needs) -> None:
    page = rendered("{% act words outcome '/go' task=3 %}", words=Words("报进展", "Report"), outcome=outcome)
    tree = html.fragment_fromstring(page, create_parent=True)
    (button,) = tree.xpath("//button")
    assert button.get("aria-disabled") == "true" and button.get("type") == "button"
    assert not tree.xpath("//form")
    why = tree.get_element_by_id(button.get("aria-describedby")).text_content()
    for part in ("还没签收。", "请先签收。", "缺报告。", "食安方案"):
        assert part in why


def test_an_act_that_is_possible_sends_its_inputs_under_a_fresh_request_id() -> None:
    source = "{% act words outcome '/go' task=3 %}"
    first, second = (rendered(source, words=Words("报", "R"), outcome=Granted()) for _ in range(2))
    ids = [re.search(r'name="request_id" value="(\w+)"', page)[1] for page in (first, second)]  # type: ignore[index]
    assert ids[0] != ids[1] and 'name="task" value="3"' in first and 'class="act"' in first


FORM = Form.fresh(
    "/go",
    Words("提交", "Send"),
    Field("percent", Words("比例", "Share"), "number"),
    Field("text", Words("说明", "Text"), "textarea"),
    Field("secret", Words("密码", "Password"), "password"),
    Field(
        "unit", Words("单位", "Unit"), "select", options=(Option("a", Words("甲", "A")), Option("b", Words("乙", "B")))
    ),
    Field(
        "kind",
        Words("种类", "Kind"),
        "radio",
        options=(Option("p", Words("进展", "P")), Option("d", Words("办结", "D"))),
    ),
    Field("sure", Words("属实", "True"), "checkbox"),
)
TYPED = {
    "percent": "145",
    "text": HOSTILE,
    "secret": "hunter2",  # pragma: allowlist secret
    "unit": "b",
    "kind": "d",
    "sure": "true",
    "request_id": "f" * 32,
}


def test_a_form_with_a_fault_keeps_what_was_typed_but_never_a_password() -> None:
    problem = Problem("percent", Words("太大。", "Too large."), Words("填 0 到 100。", "Give 0 to 100."))
    page = rendered(
        '{% include "site/components/form.html" %}', form=FORM.filled(TYPED).with_problem(problem), cancel_url=""
    )
    tree = html.fragment_fromstring(page, create_parent=True)
    field = tree.get_element_by_id("f-percent")
    assert field.get("value") == "145" and field.get("aria-invalid") == "true"
    assert "太大。" in tree.get_element_by_id(field.get("aria-describedby")).text_content()
    (alarm,) = tree.xpath("//*[@role='alert']")
    assert alarm.xpath(".//a/@href") == ["#f-percent"] and "填 0 到 100。" in alarm.text_content()
    assert tree.xpath("//textarea")[0].text_content().strip() == HOSTILE
    assert tree.xpath("//select/option[@selected]/@value") == ["b"]
    assert tree.xpath("//input[@type='radio'][@checked]/@value") == ["d"]
    assert tree.xpath("//input[@type='checkbox'][@checked]")
    assert tree.xpath("//input[@name='request_id']/@value") == ["f" * 32]
    assert "hunter2" not in page


def test_a_problem_without_a_field_stands_at_the_head_alone() -> None:
    problem = Problem("elsewhere", Words("别处有错。", "Wrong elsewhere."), Words("看一看。", "Look."))
    page = rendered('{% include "site/components/form.html" %}', form=FORM.with_problem(problem), cancel_url="")
    assert "别处有错。" in page and "aria-invalid" not in page


def test_a_clause_that_is_not_in_the_register_is_shown_as_it_is() -> None:
    assert "FOOD-gone" in rendered("{% cite 'FOOD-gone' %}") and "<details" not in rendered("{% cite 'FOOD-gone' %}")
    assert "&lt;b&gt;" in rendered("{% cite id %}", id="<b>")


@pytest.mark.parametrize(
    ("value", "whole", "said", "width"),
    [(0, 100, "0%", 0), (45, 100, "45%", 45), (3, 8, "3 / 8", 38), (9, 8, "9 / 8", 100), (1, 0, "1 / 0", 0)],
)
def test_progress_carries_its_figure(value: int, whole: int, said: str, width: int) -> None:
    page = rendered("{% progress value whole %}", value=value, whole=whole)
    assert said in page and f'width="{width}"' in page


def test_the_rail_hides_what_an_actor_may_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rail, "_ENTRIES", {})
    rail.add("desk", "front", Words("首页", "Start"), public=True)
    rail.add("desk", "cockpit", Words("总览", "Cockpit"), reads="duty")
    rail.add("system", "gallery", Words("组件", "Gallery"), roles=frozenset({"system_admin"}))
    rail.add("people", "act-as", Words("岗位", "Posts"))
    rail.add("public", "nothing", Words("无", "None"), reads="no such readable")

    def seen(role: str) -> list[str]:
        return [e.route for _, entries in rail.entries(Actor(1, role)) for e in entries]

    assert seen("public") == ["front"]
    assert seen("officer") == ["cockpit", "front", "act-as"]
    assert seen("system_admin") == ["front", "act-as", "gallery"]
    with pytest.raises(AssertionError, match="two rail entries"):
        rail.add("desk", "front", Words("别的", "Other"))
    with pytest.raises(AssertionError, match="no such group"):
        rail.add("nowhere", "x", Words("x", "x"))


def test_clauses_of_one_place_share_a_chip_that_lists_them() -> None:
    ids = ["FOOD-3.1.1a", "FOOD-3.1.1b", "FOOD-3.1.1-due", "FOOD-nowhere", "FOOD-3.1.1b"]
    html = rendered("{% cites ids %}", ids=ids)
    assert html.count("<details") == 2 and "共2条" in html
    assert html.count('href="/clauses/FOOD-3.1.1b"') == 1 and 'title="登记册中没有这一条"' in html
    assert "and 1 more" in rendered("{% cites ids %}", "en", ids=ids)


def test_a_day_keeps_its_date_whole_and_a_cut_cell_its_full_words() -> None:
    columns = (
        Column("title", Words("题", "T")),
        Column("due", Words("期", "D"), "day"),
        Column("plan", Words("案", "P"), "cut"),
    )
    row = Row("1", ("甲", DAY, "很长的<方案>"))
    html = rendered("{% ledger_row ledger row %}", ledger=Ledger("x", Words("表", "L"), columns, (row,)), row=row)
    assert '<span class="nowrap">2023年<wbr>7月3日</span><span class="nowrap">（周一）</span>' in html
    assert '<td class="cut" title="很长的&lt;方案&gt;">很长的&lt;方案&gt;</td>' in html
