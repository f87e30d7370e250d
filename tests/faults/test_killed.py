"""Killed in the middle of writing, again and again: no acknowledged action missing, none doubled, seals verify."""

import random
import time
from pathlib import Path

import pytest

from tests.faults.house import House

KINDS_OF_WORK = {
    "assignment.accept", "assignment.start", "assignment.report_progress", "assignment.report_done",
    "assignment.review_return", "assignment.hand_over", "evidence.store", "duty.time",
}  # fmt: skip


def kill_again_and_again(own: House, folder: Path, times: int, seed: int, longest_s: float = 0.35) -> dict[str, int]:
    """Let two workers write, kill each at a moment of its own, and settle accounts, ``times`` kills in all."""
    chance, code = random.Random(seed), f"killed-{seed}"
    own.run("tests.faults.work:fill", code=code)
    total = {"answered": 0, "in_flight": 0, "killed": 0}
    while total["killed"] < times:
        ledgers = [folder / f"{total['killed']}-{n}.jsonl" for n in range(min(2, times - total["killed"]))]
        workers = [
            own.launch(
                "tests.faults.work:work", code=code, life=f"{seed}:{total['killed']}:{n}", ledger=str(ledger),
                seed=chance.randrange(10**6),
            )
            for n, ledger in enumerate(ledgers)
        ]  # fmt: skip
        _wait_for_an_answer(ledgers)
        for worker in workers:
            time.sleep(chance.uniform(0.0, longest_s))
            assert worker.alive(), worker.answer.read_text("utf-8")
            worker.kill()
            total["killed"] += 1
        for ledger in ledgers:
            settled = own.run("tests.faults.work:settle", code=code, ledger=str(ledger))
            total["answered"] += settled["answered"]
            total["in_flight"] += settled["in_flight"]
    found = own.run("tests.faults.work:check", code=code)
    print(own.kind, total, found)
    return {**total, **found}


def _wait_for_an_answer(ledgers: list[Path]) -> None:
    until = time.monotonic() + 60
    while not all(ledger.exists() and b"answered" in ledger.read_bytes() for ledger in ledgers):
        assert time.monotonic() < until, "no worker got an answer"
        time.sleep(0.01)


def test_five_kills_lose_and_double_nothing(own: House, tmp_path: Path) -> None:
    found = kill_again_and_again(own, tmp_path, 5, 5)
    assert found["killed"] == 5 and found["answered"] >= 5


@pytest.mark.slow
def test_a_hundred_kills_lose_and_double_nothing(own: House, tmp_path: Path) -> None:
    found = kill_again_and_again(own, tmp_path, 100, 100, 1.0)
    assert found["killed"] == 100 and found["answered"] > 300
    assert set(found["actions"]) >= KINDS_OF_WORK
    assert found["seals"] > 5 and found["files"] > 30 and found["delivered"] > 0
