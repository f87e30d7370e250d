"""Reading a YAML file so that every complaint names the file and the line."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from luoshi.core.problem import Problem
from luoshi.core.words import Words

try:
    from yaml import CSafeLoader as _Safe
except ImportError:  # a PyYAML built without libyaml: slower, same result
    from yaml import SafeLoader as _Safe  # type: ignore[assignment]

Step = str | int


class _Loader(_Safe):
    """The safe loader; a key that stands twice in one mapping is an error, not a silent overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key.value, str) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands twice", key.start_mark)
            if isinstance(key.value, str):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Any:
    """Return the plain values of a YAML file; raise ``Problem`` naming file and line when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Problem(
            str(path), Words("没有这个文件。", "There is no such file."), Words("请补上该文件。", "Add the file.")
        ) from None
    except UnicodeDecodeError as fault:
        raise Problem(
            str(path),
            Words(f"第{fault.start}字节起不是 UTF-8 文本。", f"Not UTF-8 from byte {fault.start} on."),
            Words("请用 UTF-8 保存。", "Save it as UTF-8."),
        ) from None
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - it derives from the safe loader
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        said = getattr(fault, "problem", None) or "unreadable"
        raise Problem(
            place,
            Words(f"YAML 写法有误（{said}）。", f"Broken YAML ({said})."),
            Words("请改正该行。", "Mend that line."),
        ) from None


def line_of(path: Path, steps: tuple[Step, ...]) -> int | None:
    """Return the line (from 1) of the node reached by ``steps``, or of its nearest parent; ``None`` if unreadable."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, yaml.YAMLError):
        return None
    if node is None:
        return None
    for step in steps:
        found = _child(node, step)
        if found is None:
            break
        node = found
    return int(node.start_mark.line) + 1


def _child(node: yaml.Node, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None


class Entry:
    """A mapping at a known place of a file, read field by field. Every complaint carries file and line."""

    def __init__(self, path: Path, steps: tuple[Step, ...], data: Any) -> None:
        self.path = path
        self.steps = steps
        if not isinstance(data, dict):
            raise self.problem("这里应当是一组字段。", "A mapping is expected here.")
        self.data = data

    def problem(self, zh: str, en: str, *more: Step) -> Problem:
        """Build the ``Problem`` for this entry (or the field below it)."""
        line = line_of(self.path, self.steps + more)
        place = f"{self.path}:{line}" if line else str(self.path)
        return Problem(place, Words(zh, en), Words("请改正数据文件。", "Mend the data file."))

    def only(self, known: str) -> None:
        """Refuse fields other than the known ones, named with spaces between: a misspelt field must not pass."""
        for key in self.data:
            if str(key) not in known.split():
                raise self.problem(f"不认识的字段 {key}。", f"Unknown field {key}.", str(key))

    def text(self, key: str) -> str:
        """A required, non-empty text."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.problem(f"字段 {key} 应为文字。", f"Field {key} must be text.", key)
        return value

    def maybe_text(self, key: str) -> str | None:
        """A text, or nothing."""
        return None if self.data.get(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when the field is absent."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.problem(f"字段 {key} 应为文字列表。", f"Field {key} must be a list of texts.", key)
        return tuple(value)

    def maybe_day(self, key: str) -> date | None:
        """A day, or nothing."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, date):
            raise self.problem(f"字段 {key} 应为日期。", f"Field {key} must be a day.", key)
        return value

    def day(self, key: str) -> date:
        """A required day."""
        value = self.maybe_day(key)
        if value is None:
            raise self.problem(f"缺少日期 {key}。", f"Day {key} is missing.", key)
        return value

    def maybe_int(self, key: str) -> int | None:
        """A whole number, or nothing."""
        value = self.data.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.problem(f"字段 {key} 应为整数。", f"Field {key} must be a whole number.", key)
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """A yes or no."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.problem(f"字段 {key} 应为 true 或 false。", f"Field {key} must be true or false.", key)
        return value

    def words(self, key: str) -> Words:
        """A required text in both languages: ``{zh: …, en: …}``."""
        part = self.below(key)
        part.only("zh en")
        return Words(part.text("zh"), part.text("en"))

    def maybe_words(self, key: str) -> Words | None:
        """A text in both languages, or nothing."""
        return None if self.data.get(key) is None else self.words(key)

    def one_of(self, key: str, *choices: str) -> str:
        """A text out of a closed list."""
        value = self.text(key)
        if value not in choices:
            raise self.problem(
                f"字段 {key} 只能是 {'、'.join(choices)}。", f"Field {key} must be one of {', '.join(choices)}.", key
            )
        return value

    def below(self, key: str) -> "Entry":
        """The mapping in a field."""
        return Entry(self.path, (*self.steps, key), self.data.get(key))

    def entries(self, key: str) -> list["Entry"]:
        """The mappings of a list; empty when the field is absent."""
        return entries(self.path, self.data.get(key, []), (*self.steps, key))


def entries(path: Path, data: Any, steps: tuple[Step, ...] = ()) -> list[Entry]:
    """Return the mappings of a list as ``Entry`` objects."""
    if not isinstance(data, list):
        line = line_of(path, steps)
        raise Problem(
            f"{path}:{line}" if line else str(path),
            Words("这里应当是列表。", "A list is expected here."),
            Words("请改正数据文件。", "Mend the data file."),
        )
    return [Entry(path, (*steps, index), item) for index, item in enumerate(data)]
