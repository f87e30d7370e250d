"""The real gazette on the packaged plans: every block finds its task, nothing is doubled. Skipped without the text."""

import pytest
from tests.gazette.desk.conftest import GUYANG, NOW, Desk

from luoshi.gazette.models import ChronicleEntry
from luoshi.office import register
from luoshi.office.plans import loading
from luoshi.office.plans.models import Document, Plan, Task, TaskUnit

pytestmark = pytest.mark.skipif(not GUYANG.exists(), reason="the gazette text is not on this machine")


@pytest.fixture
def guyang(neighbour: Desk) -> Desk:
    for plan in register.plans("guyang"):
        call = loading.system_call(neighbour.county, NOW, f"load:{plan.code}")
        assert loading.load_plan(call, subject=plan.subject).outcome
    return neighbour


def test_every_block_links_to_its_packaged_task_and_none_is_made(guyang: Desk) -> None:
    tasks = Task.objects.count()
    units = list(TaskUnit.objects.order_by("pk").values_list("task_id", "unit_id", "role"))
    proposal = guyang.receive(GUYANG.read_text(encoding="utf-8"))
    result = guyang.confirm(proposal)
    assert result.outcome
    done = {d["plan"]: d for d in result.values["documents"]}
    assert {p: (d["tasks"], d["linked"], d["differs"], d["unmatched"]) for p, d in done.items() if d["tasks"]} == {
        "guyang-foodsafety-2023": (60, 60, [], []),
        "guyang-park-2023": (15, 15, [], []),
    }
    assert (Task.objects.count(), list(TaskUnit.objects.order_by("pk").values_list("task_id", "unit_id", "role"))) == (
        tasks,
        units,
    )
    assert ChronicleEntry.objects.count() == 13
    assert Document.objects.count() == 4
    assert {str(p.document and p.document.code) for p in Plan.objects.exclude(subject="gazette")} == set(done)
    proposal.refresh_from_db()
    assert proposal.state == "confirmed"


def test_a_linked_task_points_at_the_words_of_its_own_number(guyang: Desk) -> None:
    guyang.confirmed(GUYANG.read_text(encoding="utf-8"))
    for task in register.plan("foodsafety").blocks:
        row = Task.objects.get(plan__code="guyang-foodsafety-2023", code=task.code)
        words = row.document.text[row.span_from : row.span_to].lstrip()
        assert words.startswith(task.sub or f"{task.number}."[:2]) or task.sub is None, (task.code, words[:20])
    water = Task.objects.get(code="outage-5.2.3-1")
    assert "5.2.3" in water.document.text[water.span_from : water.span_to]


def test_what_stands_outside_blocks_is_tied_to_the_clause_its_section_names(guyang: Desk) -> None:
    result = guyang.confirm(guyang.receive(GUYANG.read_text(encoding="utf-8")))
    tied = {d["plan"]: (d["linked_by_clause"], len(d["unlinked"])) for d in result.values["documents"]}
    assert tied == {
        "guyang-foodsafety-2023": (24, 0),
        "guyang-park-2023": (15, 0),
        "guyang-housing-2023": (35, 0),
        "guyang-outage-2023": (109, 0),
    }
