"""Participants of the chronicle by post and unit, in four groups, and no name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.gazette.publication.participants import GROUPS, participants

ENTRY = (
    "●2023年5月9日,县水务局在测试县举办防汛演练。市应急局副局长王小明、省水利厅处长赵大河到场观摩,县委副书记、县长李大山,"
    "县政府副县长、公安局\n局长陈小川出席,各镇、财政局、水利厅防御处主要领导参加。"
)


def groups(text: str, county: str = "测试县") -> dict[str, list[str]]:
    return {g.name: [m.words for m in g.members] for g in participants(text, county)}


@pytest.mark.clause("CHRON-0-8")
def test_participants_stand_in_their_groups_by_unit_and_post() -> None:
    assert groups(ENTRY) == {
        "主办": ["县水务局"],
        "上级领导": ["市应急局副局长", "省水利厅处长"],
        "县领导": ["县委副书记", "县长", "县政府副县长", "公安局局长"],
        "参加单位": ["各镇", "财政局", "水利厅防御处"],
    }


@pytest.mark.clause("CHRON-0-8")
def test_spans_lead_to_the_words_of_the_entry() -> None:
    for group in participants(ENTRY, "测试县"):
        assert group.words.en and group.name in GROUPS
        for one in group.members:
            assert "".join(ENTRY[one.start : one.end].split()) == one.words == one.unit + one.post


@pytest.mark.clause("CHRON-0-8")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2023年5月4日,李大山县长主持召开县政府2023年第6次常务会议。", {"县领导": ["县长"]}),
        ("2023年5月4日,张小河市长赴测试县调研。", {"上级领导": ["市长"]}),
        ("活动由测试县人民政府、上游医学院联合主办。", {"主办": ["测试县人民政府", "上游医学院"]}),
        ("2023年5月4日,县委、县政府召开动员会。", {"主办": ["县委", "县政府"]}),
        ("2023年5月4日,农行测试分行行长王小明参加。", {"参加单位": ["农行测试分行行长"]}),
        ("2023年5月4日,春耕开始。", {}),
        ("2023年5月4日,群众踊跃参加。", {}),
    ],
)
def test_what_is_understood_is_grouped_and_the_rest_left_out(text: str, found: dict[str, list[str]]) -> None:
    assert groups(text) == found


@pytest.mark.clause("CHRON-0-8")
@given(
    st.sampled_from(["王小明", "李大山", "欧阳明月", "苏和巴特尔", "赵云", "阿古拉"]),
    st.sampled_from(
        [
            "县长{}出席会议。",
            "县委书记{}、副书记{}参加。",
            "由{}主办。",
            "{}、财政局参加。",
            "{}组织活动。",
            "县领导{}等出席。",
        ]
    ),
)
def test_no_name_comes_through(name: str, frame: str) -> None:
    text = "2023年5月4日," + frame.replace("{}", name)
    for group in participants(text, "测试县"):
        assert not any(name in one.words or "×" in one.words for one in group.members)
