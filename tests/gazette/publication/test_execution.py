"""Scope and start as a document and its interpretation state them, and where the two differ."""

import datetime as dt

import pytest

from luoshi.gazette.publication.execution import compare, execution

ISSUED = dt.date(2023, 3, 2)
DOCUMENT = "一、总则\n1.3 适用范围\n\n本办法适用于测试县行政区域内的河渠。\n1.4 原则\n本办法自印发之日起施行。\n"
TOLD = "四、其他\n1. 执行范围\n\n测试县行政区域内。\n\n2. 实施时间\n\n自 2023 年 3 月 2 日起实施。\n"


@pytest.mark.clause("GAZ-P-5")
def test_scope_and_start_are_held_as_stated() -> None:
    own, told = execution(DOCUMENT, ISSUED), execution(TOLD)
    assert own.scope is not None and own.scope.words == "本办法适用于测试县行政区域内的河渠。"
    assert DOCUMENT[own.scope.start : own.scope.end] == own.scope.words
    assert own.start is not None and own.start.on == ISSUED
    assert told.scope is not None and told.scope.words == "测试县行政区域内。"
    assert told.start is not None and told.start.on == dt.date(2023, 3, 2)
    assert compare(own, told) == ()


@pytest.mark.clause("GAZ-P-5")
def test_another_day_or_another_scope_is_noticed() -> None:
    own = execution(DOCUMENT, ISSUED)
    (later,) = compare(own, execution(TOLD.replace("3 月 2 日", "3 月 1 日")))
    assert "2023-03-01" in later.zh and "2023-03-02" in later.zh and "2023-03-01" in later.en
    (wider,) = compare(own, execution(TOLD.replace("测试县行政", "全市行政")))
    assert "全市行政区域内" in wider.zh


@pytest.mark.clause("GAZ-P-5")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("实施时间：自2023年5月1日起施行。", dt.date(2023, 5, 1)),
        ("（二）施行日期\n自2023年5月1日起执行", dt.date(2023, 5, 1)),
        ("本方案自2023年5月1日起正式实施，有效期两年。", dt.date(2023, 5, 1)),
        ("自2023年2月30日起施行。", None),
        ("工程自2023年5月1日起施工。", None),
        ("企业办证制度自2023年5月1日起实施的，从其规定。", None),
        ("主要包括预案修订、预案实施时间。", None),
        ("2. 实施时间\n3. 其他", None),
    ],
)
def test_a_start_is_read_only_in_a_known_form(text: str, day: dt.date | None) -> None:
    found = execution(text).start
    assert (found.on if found else None) == day


@pytest.mark.clause("GAZ-P-5")
def test_what_only_one_states_is_no_difference() -> None:
    silent = execution("没有说明。")
    assert silent.scope is None and silent.start is None
    assert compare(silent, execution(TOLD)) == () == compare(execution(DOCUMENT, ISSUED), silent)
    assert compare(execution(DOCUMENT, None), execution(TOLD)) == ()
