"""The index of the words of tasks finds what a look at each task finds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.office import door
from luoshi.office.plans import task_words
from luoshi.office.plans.models import Task
from luoshi.supervision.models import LedgerLine
from tests.supervision import small_county
from tests.supervision.small_county import Small

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Small:
    return small_county.make("words")


def fold(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def looked_at(county_id: int, text: str) -> set[int]:
    return {
        t.pk
        for t in Task.objects.filter(county_id=county_id)
        if any(fold(text) in fold(part) for part in (t.heading_zh, t.units_text, t.heading_en))
    }


SIGNS = "食品安全监管Aa1 %_\\\"'𠮷Ａ（）*"


def bare(small: Small, heading: str) -> Task:
    """Make a task that nothing hangs on, so that it can be deleted."""
    return Task.objects.create(
        county=small.county, plan=small.plan, code=f"bare-{Task.objects.count()}", heading_zh=heading,
        heading_en=heading[::-1], mode="none",
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headings=st.lists(st.text(st.sampled_from(SIGNS), min_size=1, max_size=12), max_size=6),
    text=st.text(st.sampled_from(SIGNS), min_size=2, max_size=4),
)
def test_the_index_finds_what_looking_finds(small: Small, headings: list[str], text: str) -> None:
    with door.opened("fixture"):
        tasks = [bare(small, heading) for heading in headings]
        found = task_words.few(small.county.pk, text)
        assert found is not None and set(found) == looked_at(small.county.pk, text)
        for task in tasks:
            task.delete()
    assert task_words.few(small.county.pk, text) == []


def test_a_changed_heading_is_found_by_its_new_words_only(small: Small) -> None:
    task = small.task(heading_zh="整治乱堆乱放", heading_en="Clear dumps")
    with door.opened("fixture"):
        Task.objects.filter(pk=task.pk).update(heading_zh="安装水表", state="done")
    assert task_words.few(small.county.pk, "乱堆") == []
    assert task_words.few(small.county.pk, "水表") == [task.pk]
    assert task_words.few(small.county.pk, "clear dumps") == [task.pk], "letters in any case"


def test_another_county_is_not_found(small: Small) -> None:
    other = small_county.make("words-two")
    theirs = other.task(heading_zh="邻县特有任务")
    assert task_words.few(small.county.pk, "特有") == []
    assert task_words.few(other.county.pk, "特有") == [theirs.pk]


def test_many_are_walked_and_found_all_the_same(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [small.task(heading_zh=f"普遍的任务{n}") for n in range(4)]
    lines = LedgerLine.objects.filter(county=small.county, scope=0)
    few = task_words.containing(lines, "普遍", task_words.few(small.county.pk, "普遍"))
    monkeypatch.setattr(task_words, "FEW", 2)
    assert task_words.few(small.county.pk, "普遍") is None
    many = task_words.containing(lines, "普遍", None)
    assert {line.task_id for line in few} == {line.task_id for line in many} == {t.pk for t in tasks}
    assert task_words.few(small.county.pk, "普") is None, "one character is walked"


def test_written_anew_it_says_the_same(small: Small) -> None:
    task = small.task(heading_zh="重建索引的任务")
    with door.opened("fixture"):
        task_words.index_again()
    assert task_words.few(small.county.pk, "索引") == [task.pk]
