"""Random draws that anyone can replay.

The list drawn from (the frame) is frozen and its hash published first; the seed is a public text fixed afterwards,
such as the figures of a lottery named in advance. Every member gets the key HMAC-SHA256(seed, frame hash | id), and
the draw takes the members in the order of their keys. Whoever has the list and the seed gets the same picks. Nobody
can steer the draw as long as the seed was not known to, or chosen by, those who made the list.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luoshi.core.outcome import Granted, Refused, refuse
from luoshi.core.problem import Problem
from luoshi.core.seal import canonical, digest
from luoshi.core.words import Words

METHOD = "hmac-sha256-order"
VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One thing or person that can be drawn, by its id; ``stratum`` is the group it is drawn within."""

    id: str
    stratum: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A member that steps out (回避), why, and who came next in its place (None when its turn never came)."""

    id: str
    reason: str
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything needed to replay a draw. ``picks`` stand in the order they were drawn."""

    method: str
    version: int
    frame_hash: str
    frame: tuple[Member, ...]
    seed: str
    count: int
    per_stratum: Mapping[str, int] | None
    picks: tuple[str, ...]
    excluded: tuple[Exclusion, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values; ``from_json`` reads it back."""
        return {
            "method": self.method,
            "version": self.version,
            "frame_hash": self.frame_hash,
            "frame": [{"id": member.id, "stratum": member.stratum} for member in self.frame],
            "seed": self.seed,
            "count": self.count,
            "per_stratum": dict(self.per_stratum) if self.per_stratum is not None else None,
            "picks": list(self.picks),
            "excluded": [{"id": e.id, "reason": e.reason, "replaced_by": e.replaced_by} for e in self.excluded],
        }

    @classmethod
    def from_json(cls, value: Any, place: str = "record") -> "Record":
        """Read a record; raise ``Problem`` at ``place`` when it is none."""
        try:
            strata = value["per_stratum"]
            record = cls(
                method=_text(value["method"]),
                version=_whole(value["version"]),
                frame_hash=_text(value["frame_hash"]),
                frame=tuple(Member(_text(m["id"]), _text_or_none(m["stratum"])) for m in value["frame"]),
                seed=_text(value["seed"]),
                count=_whole(value["count"]),
                per_stratum=None if strata is None else {_text(k): _whole(v) for k, v in strata.items()},
                picks=tuple(_text(pick) for pick in value["picks"]),
                excluded=tuple(
                    Exclusion(_text(e["id"]), _text(e["reason"]), _text_or_none(e["replaced_by"]))
                    for e in value["excluded"]
                ),
            )
        except (KeyError, TypeError, AttributeError) as error:
            words = Words(f"不是抽取记录：{error}。", f"Not a record of a draw: {error}.")
            raise Problem(
                place, words, Words("请使用 draw run --json 的输出。", "Use the output of draw run --json.")
            ) from error
        return record


def frame_hash(frame: Sequence[Member]) -> str:
    """Return the hash of the list, whatever order it is in. Raises ``Problem`` for an empty or repeated id."""
    ids = {member.id for member in frame}
    if "" in ids or any(member.id != member.id.strip() for member in frame):
        raise _bad("frame", "名单中有空编号或前后带空格的编号。", "An id is empty or has blanks around it.")
    if len(ids) != len(frame):
        seen: set[str] = set()
        twice = next(m.id for m in frame if m.id in seen or seen.add(m.id))  # type: ignore[func-returns-value]
        raise _bad("frame", f"编号重复：{twice}。", f"The id {twice} stands in the list twice.")
    return digest(canonical([[member.id, member.stratum] for member in sorted(frame, key=lambda m: m.id)]))


def order(frame: Sequence[Member], seed: str) -> list[Member]:
    """Return the members in the order of their keys: the whole draw before any counting."""
    if not seed.strip():
        raise _bad("seed", "种子为空。", "The seed is empty.")
    try:
        key = seed.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _bad("seed", "种子含有残缺的字符。", "The seed holds a broken character.") from error
    head = frame_hash(frame)
    return sorted(frame, key=lambda m: (hmac.digest(key, f"{head}|{m.id}".encode(), "sha256"), m.id))


def run(
    frame: Sequence[Member],
    count: int,
    seed: str,
    per_stratum: Mapping[str, int] | None = None,
    excluded: Iterable[Exclusion] = (),
) -> Record:
    """Draw ``count`` members and return the record.

    ``per_stratum`` says how many to draw within each stratum and must add up to ``count``. An excluded member that is
    reached is passed over for the next in order, and the record says for whom. Raises ``Problem`` for a list with
    repeated ids, an empty seed, an exclusion without reason or outside the list, or too few members left.
    """
    ordered = order(frame, seed)
    barred = _barred(frame, excluded)
    picks: list[str] = []
    replaced: dict[str, str | None] = dict.fromkeys(barred)
    for stratum, wanted in _quotas(frame, count, per_stratum):
        members = [m.id for m in ordered if per_stratum is None or m.stratum == stratum]
        taken = _take(members, wanted, barred, replaced)
        if len(taken) < wanted:
            where = Words(f"“{stratum}”", f" of {stratum!r}") if stratum is not None else Words("", "")
            zh = f"名单{where.zh}只剩 {len(taken)} 个可抽，不足 {wanted} 个。"
            raise _bad("count", zh, f"Only {len(taken)} members{where.en} can be drawn, {wanted} are wanted.")
        picks += taken
    if per_stratum is not None:
        chosen = set(picks)
        picks = [member.id for member in ordered if member.id in chosen]
    exclusions = tuple(Exclusion(id_, barred[id_], replaced[id_]) for id_ in sorted(barred))
    members_by_id = tuple(sorted(frame, key=lambda m: m.id))
    quotas = None if per_stratum is None else dict(per_stratum)
    return Record(METHOD, VERSION, frame_hash(frame), members_by_id, seed, count, quotas, tuple(picks), exclusions)


def verify(record: Record, frame: Sequence[Member]) -> Granted | Refused:
    """Replay a record on a list: granted when list, picks and exclusions all agree."""
    if (record.method, record.version) != (METHOD, VERSION):
        method = f"{record.method} v{record.version}"
        return _refused("method_unknown", f"不认识抽取方法 {method}。", f"The method {method} is not known.")
    try:
        found = frame_hash(frame)
        if found != record.frame_hash or frame_hash(record.frame) != record.frame_hash:
            return _refused("frame_changed", "名单与公布的摘要不符。", "The list does not match its published hash.")
        again = run(frame, record.count, record.seed, record.per_stratum, record.excluded)
    except Problem as problem:
        return _refused("cannot_replay", f"无法重演：{problem.words.zh}", f"Cannot be replayed: {problem.words.en}")
    if again.picks != record.picks:
        return _refused("picks_differ", "重演得到的结果不同。", "Replaying gives other picks.")
    if sorted(again.excluded, key=_by_id) != sorted(record.excluded, key=_by_id):
        return _refused("exclusions_differ", "回避的替补与重演不符。", "Replaying gives other replacements.")
    return Granted(values={"frame_hash": record.frame_hash, "picks": list(record.picks)})


def _quotas(frame: Sequence[Member], count: int, per_stratum: Mapping[str, int] | None) -> list[tuple[str | None, int]]:
    if count < 1:
        raise _bad("count", "抽取数量至少为 1。", "At least one must be drawn.")
    if per_stratum is None:
        return [(None, count)]
    if sum(per_stratum.values()) != count or min(per_stratum.values()) < 0:
        raise _bad("per_stratum", "各层数量之和与总数不符。", "The numbers of the strata do not add up to the count.")
    unknown = set(per_stratum) - {member.stratum for member in frame}
    if unknown:
        name = min(unknown)
        raise _bad("per_stratum", f"名单中没有“{name}”这一层。", f"The list has no stratum {name!r}.")
    return sorted(per_stratum.items())


def _barred(frame: Sequence[Member], excluded: Iterable[Exclusion]) -> dict[str, str]:
    ids = {member.id for member in frame}
    barred: dict[str, str] = {}
    for exclusion in excluded:
        if exclusion.id not in ids:
            raise _bad("excluded", f"回避的 {exclusion.id} 不在名单中。", f"{exclusion.id} is not in the list.")
        if exclusion.id in barred:
            raise _bad("excluded", f"{exclusion.id} 回避了两次。", f"{exclusion.id} is excluded twice.")
        if not exclusion.reason.strip():
            raise _bad("excluded", f"{exclusion.id} 的回避没有理由。", f"{exclusion.id} is excluded without a reason.")
        barred[exclusion.id] = exclusion.reason
    return barred


def _take(ids: Sequence[str], wanted: int, barred: Mapping[str, str], replaced: dict[str, str | None]) -> list[str]:
    """Take the first ``wanted`` ids; the place of each barred one goes to the next free id after them all.

    A barred id met while looking for a replacement names the same replacement as the one it would have replaced.
    """
    taken = [id_ for id_ in ids[:wanted] if id_ not in barred]
    vacant = [id_ for id_ in ids[:wanted] if id_ in barred]
    waiting = vacant[:1]
    for id_ in ids[wanted:]:
        if not waiting:
            break
        if id_ in barred:
            waiting.append(id_)
            continue
        taken.append(id_)
        replaced.update(dict.fromkeys(waiting, id_))
        vacant = vacant[1:]
        waiting = vacant[:1]
    return taken


def _by_id(exclusion: Exclusion) -> str:
    return exclusion.id


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _refused(code: str, zh: str, en: str) -> Refused:
    remedy = Words("请核对公布的名单、种子和记录。", "Check the published list, the seed and the record.")
    return refuse(code, zh, en, remedy)


def _bad(place: str, zh: str, en: str) -> Problem:
    return Problem(place, Words(zh, en), Words("请核对后重试。", "Correct it and try again."))
