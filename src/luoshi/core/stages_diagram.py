"""Drawing a table of stages: an SVG picture for pages, Mermaid text for documents.

The states up to the first terminal one stand in a line from left to right; other endings stand above it, detours
below. Colours come from the page (``currentColor``, ``Canvas``; class ``stage-back`` for a page with a ground of its
own), so the picture follows light, dark and print; the current state is marked by a word and a filled box, not by
colour alone. No script, no style sheet, no id that a second picture on the page could clash with but its title's.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from luoshi.core.stages import Stages, State

BOX_W, BOX_H, PITCH, MARGIN = 128, 44, 232, 16
LANE = 26  # height of one lane of lines above or below a row
FONT = "font-family=\"system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif\""


@dataclass
class _Layout:
    """Columns and rows: row 0 other endings, 1 the ordinary way, 2 detours."""

    spine: list[str]
    column: dict[str, int]
    row: dict[str, int]
    tops: list[int] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def box(self, code: str) -> tuple[int, int]:
        """Return the upper left corner of a state's box."""
        return MARGIN + self.column[code] * PITCH, self.tops[self.row[code]]


def mermaid(stages: "Stages", language: str) -> str:
    """Return ``stateDiagram-v2`` text with words in one language."""
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f"    {code} : {_plain(state.words.pick(language))}" for code, state in stages.states.items()]
    lines.append(f"    [*] --> {stages.first}")
    for move in stages.moves:
        verb = _plain(move.words.pick(language))
        lines += [f"    {source} --> {move.target(source)} : {verb}" for source in move.sources]
    lines += [f"    {code} --> [*]" for code, state in stages.states.items() if state.terminal]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace(":", "：").replace("\n", " ").replace(";", "；")


def svg(stages: "Stages", current: str | None, language: str) -> str:
    """Return the picture as one ``<svg>`` element for a page; its width follows the page."""
    layout = _lay_out(stages)
    joined = _joined(stages, language)
    over = [pair for pair in joined if _kind(layout, pair) == "over"]
    ups = [pair for pair in joined if _kind(layout, pair) == "up"]
    _place_rows(layout, over)
    parts = [_edge(layout, pair, verbs, over) for pair, verbs in joined.items() if _kind(layout, pair) != "up"]
    parts += _endings(layout, ups, joined)
    parts += [_box(stages, layout, state, current, language) for state in stages.states.values()]
    return _frame(stages, layout, current, language, parts)


def _lay_out(stages: "Stages") -> _Layout:
    spine: list[str] = []
    for code, state in stages.states.items():
        spine.append(code)
        if state.terminal:
            break
    layout = _Layout(spine, {code: i for i, code in enumerate(spine)}, dict.fromkeys(spine, 1))
    taken: set[tuple[int, int]] = set()
    for code, state in stages.states.items():
        if code in layout.column:
            continue
        row = 0 if state.terminal else 2
        near = [layout.column[s] for m in stages.moves if m.to == code for s in m.sources if s in layout.column]
        wanted = len(spine) - 1 if row == 0 else round(sum(near) / len(near)) if near else 0
        columns = sorted(range(len(stages.states)), key=lambda c: (abs(c - wanted), c))
        column = next(c for c in columns if (row, c) not in taken)
        taken.add((row, column))
        layout.column[code], layout.row[code] = column, row
    return layout


def _joined(stages: "Stages", language: str) -> dict[tuple[str, str], list[str]]:
    """Return the words on each arrow between two different states: all verbs that lead from one to the other."""
    words: dict[tuple[str, str], list[str]] = {}
    for move in stages.moves:
        for source in move.sources:
            if move.target(source) != source:
                words.setdefault((source, move.target(source)), []).append(move.words.pick(language))
    return {pair: list(dict.fromkeys(verbs)) for pair, verbs in words.items()}


def _kind(layout: _Layout, pair: tuple[str, str]) -> str:
    before, after = pair
    rows = layout.row[before], layout.row[after]
    if rows[1] == 0:
        return "up"
    if rows == (1, 1):
        return "next" if layout.column[after] == layout.column[before] + 1 else "over"
    return "beside" if rows[0] == rows[1] else "cross"


def _place_rows(layout: _Layout, over: Sequence[tuple[str, str]]) -> None:
    y = MARGIN
    layout.tops = [y, 0, 0]
    if 0 in layout.row.values():
        y += BOX_H
    y += LANE * (len(over) + 2)
    layout.tops[1] = y
    y += BOX_H + 22
    if 2 in layout.row.values():
        y += 58
        layout.tops[2] = y
        y += BOX_H + 22
    layout.width = MARGIN * 2 + max(layout.column.values()) * PITCH + BOX_W
    layout.height = y + MARGIN


def _edge(layout: _Layout, pair: tuple[str, str], verbs: Sequence[str], over: Sequence[tuple[str, str]]) -> str:
    (x1, y1), (x2, y2) = layout.box(pair[0]), layout.box(pair[1])
    kind = _kind(layout, pair)
    if kind == "cross":
        return _crossing(x1, y1, x2, y2, " / ".join(verbs))
    if kind == "over":
        level = y1 - LANE * (over.index(pair) + 1) - 8
        left, right = x1 + BOX_W * 3 // 4, x2 + BOX_W // 4
        path = _line([(left, y1), (left, level), (right, level), (right, y2)])
        return path + _text((left + right) // 2, level - 5, " / ".join(verbs))
    left, right = (x1 + BOX_W, x2) if x1 < x2 else (x1, x2 + BOX_W)
    y, middle = y1 + BOX_H // 2, (left + right) // 2
    below = _text(middle, y + 16, " / ".join(verbs[1:])) if verbs[1:] else ""
    return _line([(left, y), (right, y)]) + _text(middle, y - 7, verbs[0]) + below


def _crossing(x1: int, y1: int, x2: int, y2: int, label: str) -> str:
    """Draw between the line and the detours: down on the left half of a box, up on its right half."""
    down = y1 < y2
    shift = -BOX_W // 5 if down else BOX_W // 5
    start = (x1 + BOX_W // 2 + shift, y1 + BOX_H if down else y1)
    end = (x2 + BOX_W // 2 + shift, y2 if down else y2 + BOX_H)
    if x1 == x2:
        place = (start[0] - 5, "end") if down else (start[0] + 5, "start")
        return _line([start, end]) + _text(place[0], (start[1] + end[1]) // 2 + 12, label, place[1])
    near = 0.5 if down else 0.68  # words of the way back stand off the words of the way there
    x, y = (round(a + (b - a) * near) for a, b in zip(start, end, strict=True))
    return _line([start, end]) + _text(x, y + 4, label, backed=True)


def _endings(layout: _Layout, ups: Sequence[tuple[str, str]], joined: dict[tuple[str, str], list[str]]) -> list[str]:
    """Draw the ways to the other endings as one line that collects them: they leave from many states."""
    parts = []
    for ending in dict.fromkeys(after for _, after in ups):
        x2, y2 = layout.box(ending)
        level = y2 + BOX_H // 2
        labels = dict.fromkeys(verb for pair in ups if pair[1] == ending for verb in joined[pair])
        rises = [_rise(layout, before) for before, after in ups if after == ending]
        parts += [_line([*rise, (rise[-1][0], level)], arrow=False) for rise in rises]
        parts.append(_line([(min(rise[-1][0] for rise in rises), level), (x2, level)]))
        parts.append(_text(x2 - 10, level - 7, " / ".join(labels), "end"))
    return parts


def _rise(layout: _Layout, code: str) -> list[tuple[int, int]]:
    """Return how the line to an ending leaves a state: from its top; a detour's goes up beside the boxes above."""
    x, y = layout.box(code)
    if layout.row[code] == 1:
        return [(x + BOX_W // 2, y)]
    middle = y + BOX_H // 2 + 12
    return [(x + BOX_W, middle), (x + BOX_W + 14, middle)]


def _line(points: Sequence[tuple[int, int]], *, arrow: bool = True) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    drawn = f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.25"/>'
    return drawn + (_head(points[-2], points[-1]) if arrow else "")


def _head(before: tuple[int, int], tip: tuple[int, int]) -> str:
    """Return an arrow head. A marker would need an id, and two pictures on a page would share the first one's."""
    length = math.dist(before, tip) or 1.0
    dx, dy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
    back = (tip[0] - 8 * dx, tip[1] - 8 * dy)
    wings = [(back[0] - 3.5 * dy, back[1] + 3.5 * dx), (back[0] + 3.5 * dy, back[1] - 3.5 * dx)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [tip, *wings])
    return f'<polygon points="{points}" fill="currentColor"/>'


def _text(x: int, y: int, text: str, anchor: str = "middle", *, backed: bool = False) -> str:
    back = ""
    if backed:  # a ground under the words hides the lines they stand on
        width = round(sum(12.5 if ord(c) > 0x2E80 else 6.8 for c in text)) + 6
        left = x - 3 if anchor == "start" else x - width // 2
        back = f'<rect class="stage-back" x="{left}" y="{y - 11}" width="{width}" height="15" fill="Canvas"/>'
    return (
        f'{back}<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="currentColor">{escape(text)}</text>'
    )


def _box(stages: "Stages", layout: _Layout, state: "State", current: str | None, language: str) -> str:
    x, y = layout.box(state.code)
    here = state.code == current
    fill, ink, ground = ("currentColor", "Canvas", "") if here else ("Canvas", "currentColor", ' class="stage-back"')
    radius, edge = (BOX_H // 2, "3") if state.terminal else (6, "1.5")
    name = escape(("▶ " if here else "") + state.words.pick(language))
    owner = escape(stages.roles[state.owner_role].pick(language)) if state.owner_role else ""
    over = ' class="stage-back"' if here else ""
    middle, label = f'x="{x + BOX_W // 2}" text-anchor="middle" fill="{ink}"{over}', y + (19 if owner else 27)
    lines = [
        f'<rect{ground} x="{x}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="{radius}" fill="{fill}" '
        f'stroke="currentColor" stroke-width="{edge}"/>',
        f'<text {middle} y="{label}" font-size="14" font-weight="600">{name}</text>',
    ]
    if owner:
        lines.append(f'<text {middle} y="{y + 36}" font-size="11">{owner}</text>')
    stays = [m.words.pick(language) for m in stages.moves_from(state.code) if m.target(state.code) == state.code]
    upper = layout.row[state.code] == 1  # lines enter from below there, and from above into a detour
    if stays:
        place = (x + BOX_W // 2, y - 8 if upper else y + BOX_H + 15)
        lines.append(_text(*place, "↻ " + " / ".join(stays), backed=True))
    if here:
        lines.append(
            _text(x, y - (24 if stays and upper else 6), "▼ now" if language.startswith("en") else "▼ 当前", "start")
        )
    kind = "stage stage-current" if here else "stage"
    return f'<g class="{kind}" data-state={quoteattr(state.code)}>{"".join(lines)}</g>'


def _frame(stages: "Stages", layout: _Layout, current: str | None, language: str, parts: Sequence[str]) -> str:
    english = language.startswith("en")
    key = re.sub(r"[^0-9A-Za-z]+", "-", f"stages-{stages.name}-{current or ''}-{'en' if english else 'zh'}")
    title = "Stages of the case" if english else "办理阶段图"
    if current is not None:
        now = stages.states[current].words.pick(language)
        title += f", now: {now}" if english else f"，当前：{now}"
    told = [stages.step_words(source, move).pick(language) for move in stages.moves for source in move.sources]
    described = ("; " if english else "；").join(told)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="stages" role="img" lang="{"en" if english else "zh-CN"}" '
        f'aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {layout.width} {layout.height}" width="100%" {FONT}>'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(described)}</desc>'
        f"{''.join(parts)}</svg>"
    )
