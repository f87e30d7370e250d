"""The life of a case as one table: states, moves, owners, gates. Who may do what next is read from it, never coded.

Declare the ordinary way first, from the opening state to the first terminal one; detours and other endings follow.
The diagram is drawn in that order (``core/stages_diagram.py``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core import stages_diagram
from luoshi.core.outcome import Granted, Outcome, Reason, Refused
from luoshi.core.problem import Problem
from luoshi.core.words import Words

Gate = Callable[[Mapping[str, Any]], Outcome]
"""A pure function from facts to an outcome: whether a move that table and role admit may be made now."""


class StagesError(ValueError):
    """A table of stages that contradicts itself: a fault in the rule file, found when it is built."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        super().__init__(f"stages {name!r}: " + "; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand. ``owner_role`` answers for it there; a terminal state has no owner and no way out."""

    code: str
    words: Words
    owner_role: str | None = None
    terminal: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One verb from one or more states. ``to=None``: the case stays where it is (an extension, a reminder)."""

    verb: str
    words: Words
    sources: tuple[str, ...]
    to: str | None
    roles: frozenset[str]
    clauses: tuple[str, ...]
    gate: Gate | None = None

    def target(self, state: str) -> str:
        """Return the state after the move from ``state``."""
        return state if self.to is None else self.to


class Stages:
    """A table of stages, checked when built; the first state is where a case opens.

    ``roles`` gives every role that can occur with its words. Raise ``StagesError`` naming each fault.
    """

    def __init__(
        self, name: str, *, roles: Mapping[str, Words], states: Sequence[State], moves: Sequence[Move]
    ) -> None:
        self.name = name
        self.roles = dict(roles)
        self.states = {state.code: state for state in states}
        self.moves = tuple(moves)
        self._moves = {(source, move.verb): move for move in moves for source in move.sources}
        faults = [*self._faults_of_names(states), *self._faults_of_states()]
        if faults:
            raise StagesError(name, faults)

    @property
    def first(self) -> str:
        """The state in which a case opens."""
        return next(iter(self.states))

    @property
    def verbs(self) -> tuple[str, ...]:
        """Every verb once, in the order of the table."""
        return tuple(dict.fromkeys(move.verb for move in self.moves))

    def owner(self, state: str) -> str | None:
        """Return the role that answers for a case in this state; ``None`` when it has ended."""
        return self._state(state).owner_role

    def moves_from(self, state: str, role: str | None = None) -> tuple[Move, ...]:
        """Return the moves out of a state (or staying in it), of one role when given; gates are not asked."""
        self._state(state)
        return tuple(m for m in self.moves if state in m.sources and (role is None or role in m.roles))

    def allowed(self, state: str, verb: str, role: str, facts: Mapping[str, Any] | None = None) -> Outcome:
        """Return whether a role may make a move now.

        ``Granted.values`` holds ``verb``, ``from`` and ``to`` beside what the gate worked out. A refusal by state or
        role lists the moves that are possible and who owns the state; the gate's ``Refused`` or ``Needs`` is
        returned as it is. Raise ``Problem`` for a state or verb the table does not have.
        """
        self._state(state)
        if verb not in self.verbs:
            raise _unknown("verb", verb, self.verbs)
        move = self._moves.get((state, verb))
        if move is None:
            return Refused((self._not_from_here(state, verb, role),))
        if role not in move.roles:
            return Refused((self._not_this_role(state, move, role),))
        passed = move.gate(facts or {}) if move.gate else Granted()
        if not isinstance(passed, Granted):
            return passed
        step = {"verb": verb, "from": state, "to": move.target(state)}
        reason = Reason(verb, self.step_words(state, move), None, move.clauses, {"state": state, "role": role})
        return Granted((reason, *passed.reasons), {**passed.values, **step})

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """Yield every state × verb × role, so that a test can leave none out."""
        for state in self.states:
            for verb in self.verbs:
                for role in self.roles:
                    yield state, verb, role

    def step_words(self, state: str, move: Move) -> Words:
        """Return the move as words: ``签收：已交办 → 已签收``."""
        before, after = self.states[state].words, self.states[move.target(state)].words
        if move.to is None:
            return Words(f"{move.words.zh}：{before.zh}（不变）", f"{move.words.en}: {before.en} (stays)")
        return Words(f"{move.words.zh}：{before.zh} → {after.zh}", f"{move.words.en}: {before.en} → {after.en}")

    def diagram(self, language: str = "zh") -> str:
        """Return the table as Mermaid text (``stateDiagram-v2``), for documents."""
        return stages_diagram.mermaid(self, language)

    def svg(self, current: str | None = None, language: str = "zh") -> str:
        """Return the table as an SVG picture with title and description; ``current`` is marked. For pages."""
        if current is not None:
            self._state(current)
        return stages_diagram.svg(self, current, language)

    def _state(self, code: str) -> State:
        if code not in self.states:
            raise _unknown("state", code, tuple(self.states))
        return self.states[code]

    def _not_from_here(self, state: str, verb: str, role: str) -> Reason:
        words = next(move.words for move in self.moves if move.verb == verb)
        here, possible = self.states[state], self.moves_from(state)
        said = Words(
            f"“{here.words.zh}”时不能“{words.zh}”。", f"“{words.en}” is not possible in state “{here.words.en}”."
        )
        clauses = (here.clause,) if here.clause else tuple(dict.fromkeys(c for m in self.moves for c in m.clauses))
        return Reason(
            "move_not_from_state", said, self._possible(here, possible), clauses, self._facts(state, verb, role)
        )

    def _not_this_role(self, state: str, move: Move, role: str) -> Reason:
        may = [self.roles[name] for name in self.roles if name in move.roles]
        said = Words(
            f"“{move.words.zh}”由{'、'.join(w.zh for w in may)}办理。",
            f"“{move.words.en}” is for: {', '.join(w.en for w in may)}.",
        )
        possible = self.moves_from(state, role)
        return Reason(
            "move_not_for_role", said, self._possible(self.states[state], possible), move.clauses,
            self._facts(state, move.verb, role),
        )  # fmt: skip

    def _facts(self, state: str, verb: str, role: str) -> dict[str, Any]:
        possible = [m.verb for m in self.moves_from(state)]
        return {"state": state, "verb": verb, "role": role, "owner": self.owner(state), "possible": possible}

    def _possible(self, state: State, moves: Sequence[Move]) -> Words:
        if state.terminal:
            return Words("该事项已结束，不再变动。", "This has ended and changes no more.")
        zh = "、".join(move.words.zh for move in moves) or "无"
        en = ", ".join(move.words.en for move in moves) or "none"
        owner = self.roles[state.owner_role or ""]
        return Words(f"可以：{zh}；现由{owner.zh}负责。", f"Possible: {en}; now with: {owner.en}.")

    def _faults_of_names(self, states: Sequence[State]) -> Iterator[str]:
        codes = [state.code for state in states]
        yield from (f"state {code!r} is declared twice" for code in self.states if codes.count(code) > 1)
        if not states:
            yield "no state"
        seen: set[tuple[str, str]] = set()
        for move in self.moves:
            for source in move.sources:
                if (source, move.verb) in seen:
                    yield f"two moves {move.verb!r} from {source!r}"
                seen.add((source, move.verb))
            named = {*move.sources, *([move.to] if move.to else [])}
            yield from (f"move {move.verb!r}: unknown state {code!r}" for code in sorted(named - set(codes)))
            yield from (f"move {move.verb!r}: unknown role {role!r}" for role in sorted(move.roles - set(self.roles)))
            if not (move.sources and move.roles and move.clauses):
                yield f"move {move.verb!r} needs a source, a role and a clause"

    def _faults_of_states(self) -> Iterator[str]:
        steps = {(source, move.target(source)) for move in self.moves for source in move.sources}
        reached = _closure({self.first} if self.states else set(), steps)
        ended = {code for code, state in self.states.items() if state.terminal}
        ending = _closure(ended, {(after, before) for before, after in steps})
        for code, state in self.states.items():
            out = [move for move in self.moves if code in move.sources]
            if code not in reached:
                yield f"state {code!r} is never reached"
            if state.terminal and (out or state.owner_role):
                yield f"state {code!r} is terminal but has an owner or a way out"
            if not state.terminal and state.owner_role not in self.roles:
                yield f"state {code!r} has no owner among the roles"
            if not state.terminal and code not in ending:
                yield f"state {code!r} has no way to an end"
            if not state.terminal and not any(state.owner_role in move.roles for move in out):
                yield f"the owner of state {code!r} can do nothing there"


def _closure(start: set[str], steps: set[tuple[str, str]]) -> set[str]:
    found, frontier = set(start), set(start)
    while frontier:
        frontier = {after for before, after in steps if before in frontier} - found
        found |= frontier
    return found


def _unknown(place: str, given: str, known: Sequence[str]) -> Problem:
    listed = "、".join(known)
    return Problem(
        place,
        Words(f"没有“{given}”这一项。", f"There is no “{given}”."),
        Words(f"可填：{listed}。", f"One of: {', '.join(known)}."),
    )
