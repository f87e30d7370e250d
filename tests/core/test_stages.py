"""A table of stages: sound when built, complete for every state, verb and role, and drawn as it is."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from luoshi.core.outcome import Granted, Needs, Reason, Refused
from luoshi.core.problem import Problem
from luoshi.core.stages import Move, Stages, StagesError, State
from luoshi.core.words import Words

SVG = "{http://www.w3.org/2000/svg}"
W = Words("词", "words")
ROLES = {"clerk": Words("经办人", "Clerk"), "judge": Words("审核人", "Judge")}
CLERK, JUDGE, C = frozenset({"clerk"}), frozenset({"judge"}), ("RULE-1",)


def gate(facts):
    if "ready" not in facts:
        return Needs((Reason("needs_ready", W),))
    return Granted(values={"weight": 2}) if facts["ready"] else Refused((Reason("not_ready", W, W),))


STATES = [
    State("new", Words("新建", "New"), "clerk", clause="RULE-1"),
    State("judged", Words("已审", "Judged"), "judge", clause="RULE-2"),
    State("ended", Words("归档", "Ended"), terminal=True),
    State("paused", Words("暂停 <&>", "Paused <&>"), "judge"),
    State("dropped", Words("撤销", "Dropped"), terminal=True),
]
MOVES = [
    Move("send", Words("送审", "Send"), ("new",), "judged", CLERK, C, gate),
    Move("end", Words("归档", "End"), ("judged",), "ended", JUDGE, C),
    Move("pause", Words("暂停", "Pause"), ("new", "judged"), "paused", JUDGE, C),
    Move("resume", Words("恢复", "Resume"), ("paused",), "new", JUDGE, C),
    Move("remind", Words("催办", "Remind"), ("new",), None, CLERK | JUDGE, C),
    Move("drop", Words("撤销", "Drop"), ("new", "paused"), "dropped", JUDGE, C),
    Move("back", Words("发回", "Send back"), ("judged",), "new", JUDGE, C),
]


def build(states=STATES, moves=MOVES, roles=ROLES):
    return Stages("test", roles=roles, states=states, moves=moves)


STAGES = build()


def test_a_move_that_state_role_and_gate_admit_is_granted_with_its_step():
    outcome = STAGES.allowed("new", "send", "clerk", {"ready": True})
    assert isinstance(outcome, Granted)
    assert outcome.values == {"weight": 2, "verb": "send", "from": "new", "to": "judged"}
    assert outcome.reasons[0].words.zh == "送审：新建 → 已审"


def test_a_move_that_stays_says_so():
    outcome = STAGES.allowed("new", "remind", "judge")
    assert outcome.values["to"] == "new"
    assert outcome.reasons[0].words.en == "Remind: New (stays)"


def test_a_gate_answers_for_itself():
    assert STAGES.allowed("new", "send", "clerk").reasons[0].code == "needs_ready"
    assert STAGES.allowed("new", "send", "clerk", {"ready": False}).reasons[0].code == "not_ready"


def test_a_gate_is_not_asked_when_state_or_role_refuse():
    assert STAGES.allowed("judged", "send", "clerk", {"ready": True}).reasons[0].code == "move_not_from_state"
    assert STAGES.allowed("new", "send", "judge", {"ready": True}).reasons[0].code == "move_not_for_role"


def test_a_refusal_by_state_lists_what_is_possible_and_who_owns_the_state():
    reason = STAGES.allowed("judged", "send", "clerk").reasons[0]
    assert reason.words.zh == "“已审”时不能“送审”。"
    assert reason.remedy.zh == "可以：归档、暂停、发回；现由审核人负责。"
    assert reason.remedy.en == "Possible: End, Pause, Send back; now with: Judge."
    assert reason.facts["possible"] == ["end", "pause", "back"]
    assert (reason.facts["owner"], reason.clauses) == ("judge", ("RULE-2",))


def test_a_refusal_by_role_says_whose_move_it_is():
    reason = STAGES.allowed("new", "send", "judge").reasons[0]
    assert reason.words == Words("“送审”由经办人办理。", "“Send” is for: Clerk.")
    assert reason.remedy.zh == "可以：暂停、催办、撤销；现由经办人负责。"


def test_an_ended_case_says_that_it_has_ended():
    assert STAGES.allowed("ended", "send", "clerk").reasons[0].remedy.zh == "该事项已结束，不再变动。"


def test_a_stranger_is_refused_everywhere():
    for state in STAGES.states:
        for verb in STAGES.verbs:
            assert not STAGES.allowed(state, verb, "passer_by", {"ready": True})


def test_a_state_or_verb_the_table_does_not_have_is_a_problem():
    for state, verb, place in (("lost", "send", "state"), ("new", "fly", "verb")):
        with pytest.raises(Problem) as caught:
            STAGES.allowed(state, verb, "clerk")
        assert caught.value.place == place
    for call in (STAGES.owner, STAGES.moves_from, STAGES.svg):
        with pytest.raises(Problem):
            call("lost")


def test_the_pairs_are_every_state_with_every_verb_and_role():
    pairs = list(STAGES.pairs())
    assert len(pairs) == len(set(pairs)) == 5 * 7 * 2
    for state, verb, role in pairs:
        expected = any(m.verb == verb and state in m.sources and role in m.roles for m in MOVES)
        assert bool(STAGES.allowed(state, verb, role, {"ready": True})) is expected
        assert (verb in {m.verb for m in STAGES.moves_from(state, role)}) is expected


def test_what_is_first_and_who_owns():
    assert STAGES.first == "new"
    assert [STAGES.owner(code) for code in STAGES.states] == ["clerk", "judge", None, "judge", None]


@pytest.mark.parametrize(
    ("states", "moves", "said"),
    [
        ([*STATES, State("island", W, "clerk")], MOVES, "'island' is never reached"),
        ([*STATES, State("new", W, "clerk")], MOVES, "'new' is declared twice"),
        ([State("new", W), *STATES[1:]], MOVES, "'new' has no owner"),
        ([State("new", W, "king"), *STATES[1:]], MOVES, "'new' has no owner"),
        ([*STATES[:2], State("ended", W, "clerk", terminal=True), *STATES[3:]], MOVES, "terminal but has an owner"),
        (STATES, [*MOVES, Move("wake", W, ("ended",), "new", CLERK, C)], "terminal but has an owner or a way out"),
        (STATES, [*MOVES, Move("send", W, ("new",), "paused", CLERK, C)], "two moves 'send' from 'new'"),
        (STATES, [*MOVES, Move("twice", W, ("new", "new"), "paused", CLERK, C)], "two moves 'twice' from 'new'"),
        (STATES, [*MOVES, Move("fly", W, ("new",), "moon", CLERK, C)], "unknown state 'moon'"),
        (STATES, [*MOVES, Move("fly", W, ("moon",), "new", CLERK, C)], "unknown state 'moon'"),
        (STATES, [*MOVES, Move("fly", W, ("new",), "judged", frozenset({"king"}), C)], "unknown role 'king'"),
        (STATES, [*MOVES, Move("fly", W, ("new",), "judged", frozenset(), C)], "needs a source, a role and a clause"),
        (STATES, [*MOVES, Move("fly", W, ("new",), "judged", CLERK, ())], "needs a source, a role and a clause"),
        (STATES, [*MOVES, Move("fly", W, (), "judged", CLERK, C)], "needs a source, a role and a clause"),
        (
            [*STATES, State("pit", W, "clerk")],
            [*MOVES, Move("fall", W, ("new",), "pit", CLERK, C), Move("wait", W, ("pit",), None, CLERK, C)],
            "'pit' has no way to an end",
        ),
        (STATES, [m for m in MOVES if m.verb not in ("resume", "drop")], "'paused' has no way to an end"),
        ([STATES[0], State("judged", W, "clerk"), *STATES[2:]], MOVES, "the owner of state 'judged' can do nothing"),
        ([], [], "no state"),
    ],
)
def test_a_table_that_contradicts_itself_is_not_built(states, moves, said):
    with pytest.raises(StagesError, match=said):
        build(states, moves)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("current", [None, *(state.code for state in STATES)])
def test_the_picture_is_sound_and_says_what_the_table_says(language, current):
    root = ET.fromstring(STAGES.svg(current, language))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == ids, "title and description are what names the picture"
    told = root.find(f"{SVG}desc").text
    texts = [text.text for text in root.iter(f"{SVG}text")]
    for move in MOVES:
        assert move.words.pick(language) in told
        assert any(move.words.pick(language) in text for text in texts)
    for state in STATES:
        assert any(text.removeprefix("▶ ") == state.words.pick(language) for text in texts)
    here = [g.get("data-state") for g in root.iter(f"{SVG}g") if "stage-current" in g.get("class")]
    assert here == ([current] if current else [])
    if current:
        assert STAGES.states[current].words.pick(language) in root.find(f"{SVG}title").text


def test_the_picture_needs_no_script_style_or_other_file():
    text = STAGES.svg("new")
    for forbidden in ("<script", "<style", " style=", "href", "url(", "http://", "https://"):
        assert forbidden not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_two_pictures_on_a_page_share_no_id():
    pictures = [STAGES.svg(current, language) for current in (None, *STAGES.states) for language in ("zh", "en")]
    ids = [e.get("id") for p in pictures for e in ET.fromstring(p).iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_the_ordinary_way_stands_in_a_line_and_no_box_covers_another():
    root = ET.fromstring(STAGES.svg())
    boxes = {}
    for g in root.iter(f"{SVG}g"):
        rect = g.find(f"{SVG}rect")
        boxes[g.get("data-state")] = tuple(int(rect.get(k)) for k in ("x", "y", "width", "height"))
    spine = [boxes[code] for code in ("new", "judged", "ended")]
    assert all(a[0] + a[2] < b[0] and a[1] == b[1] for a, b in pairwise(spine))
    assert boxes["dropped"][1] < spine[0][1] < boxes["paused"][1]
    width, height = (int(n) for n in root.get("viewBox").split()[2:])
    for code, (x, y, w, h) in boxes.items():
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
        for other, (x2, y2, w2, h2) in boxes.items():
            assert code == other or x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_the_mermaid_text_has_every_move():
    text = STAGES.diagram("en")
    lines = text.splitlines()
    assert lines[0] == "stateDiagram-v2"
    for move in MOVES:
        for source in move.sources:
            assert f"    {source} --> {move.to or source} : {move.words.en}" in lines
    assert "    [*] --> new" in lines
    assert "    dropped --> [*]" in lines
