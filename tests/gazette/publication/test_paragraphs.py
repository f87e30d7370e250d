"""Which lines stand alone in the reader, and where a heading ends."""

import pytest

from luoshi.gazette.publication.tree import Section, heading_end, paragraphs

LONG = "各镇要把街区整治列入重要议事日程，逐项排查占道经营和公平秤设置情况，建立台账并按月通报"


def lines(text: str) -> list[str]:
    return [text[p.start : p.end] for p in paragraphs(text, 0, len(text))]


def test_title_number_and_short_lines_are_not_glued() -> None:
    title = "关于印发《测试县街区整治和公平秤设置工作实施方案》的通知"
    assert lines(f"测试县人民政府\n{title}\n测政发〔2023〕5号\n{LONG}") == [
        "测试县人民政府", title, "测政发〔2023〕5号", LONG,
    ]  # fmt: skip
    assert lines(f"工作目标\n{LONG}。") == ["工作目标", f"{LONG}。"]


@pytest.mark.parametrize("text", [f"{LONG}，\n确保{LONG}", f"关于印发《测试县\n{LONG}》的通知", f"{LONG}的\n通知"])
def test_a_line_that_goes_on_is_joined(text: str) -> None:
    assert lines(text) == [text]


def section(heading: str, words: str, path: str = "二/（一）") -> Section:
    return Section(path, 2, heading, 10, 10 + len(words), words)


def test_a_heading_ends_with_its_stop_or_its_line() -> None:
    run_on = section("清理占道经营", "（一）清理占道\n经营。县城管大队牵头。")
    end, alone = heading_end(run_on)
    assert (run_on.words[: end - 10], alone) == ("（一）清理占道\n经营。", False)
    own_line = section("清理占道经营", "（一）清理占道经营\n\n县城管大队牵头。")
    end, alone = heading_end(own_line)
    assert (own_line.words[: end - 10], alone) == ("（一）清理占道经营", True)
    for away in (
        section("", "（一）县城管大队牵头。"),
        section("公平秤", "（一）县城管大队牵头，各镇配合，设置公平秤。"),
    ):
        assert heading_end(away) == (10, False)
