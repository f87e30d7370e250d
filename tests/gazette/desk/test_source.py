"""The source is cut into windows and pieces without losing or doubling a character."""

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gazette.source import Mark, pieces, window_at, windows

TEXTS = st.text(alphabet="甲乙丙丁\n，。", max_size=300)
MARKS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=12)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(1, 40))
def test_windows_cover_the_stretch_once_in_order(text: str, size: int) -> None:
    cut = windows(text, 0, len(text), size)
    assert "".join(text[a:b] for a, b in cut) == text
    assert all(b - a <= size for a, b in cut)
    for place in range(len(text)):
        a, b = cut[window_at(cut, place)]
        assert a <= place < b


@settings(max_examples=150, deadline=None)
@given(TEXTS, MARKS, st.integers(0, 100), st.integers(0, 300))
def test_pieces_are_the_text_and_each_belongs_to_its_innermost_mark(
    text: str, spans: list[tuple[int, int]], start: int, stop: int
) -> None:
    start, stop = min(start, len(text)), min(stop, len(text))
    if start >= stop:
        return
    marks = [Mark(min(a, len(text)), min(b, len(text)), "tasks", str(i)) for i, (a, b) in enumerate(spans)]
    place = start
    for piece in pieces(text, start, stop, marks):
        assert text[place : place + len(piece.text)] == piece.text
        for offset in range(place, place + len(piece.text)):
            over = [m for m in marks if m.start <= offset < m.end]
            assert (piece.mark is None) == (not over)
            if piece.mark is not None:
                assert piece.mark in over
                assert piece.mark.end - piece.mark.start == min(m.end - m.start for m in over)
        place += len(piece.text)
    assert place == stop


def test_a_mark_begins_once_even_where_another_interrupts_it() -> None:
    outer, inner = Mark(0, 10, "tasks", "a"), Mark(4, 6, "targets", "b")
    found = list(pieces("一二三四五六七八九十", 0, 10, [outer, inner]))
    assert [(p.text, p.mark.at if p.mark else "", p.first) for p in found] == [
        ("一二三四", "a", True), ("五六", "b", True), ("七八九十", "a", False),
    ]  # fmt: skip
