"""The benchmark of the table measures what it says: all engines give the same verdicts, and a wrong one is caught."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture
def bench(monkeypatch):
    place = Path(__file__).parents[2] / "bench" / "table.py"
    spec = importlib.util.spec_from_file_location("bench_table_tested", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.delenv("LUOSHI_PEERS_PYTHON", raising=False)
    return module


@pytest.mark.slow
def test_a_small_run_has_every_figure_and_says_which_peer_is_missing(bench):
    result = bench.run(3000)
    assert set(result) == {"name", "n", "median_s", "rate_per_s", "peak_mib", "machine", "peers"}
    assert result["n"] == 3000
    assert result["rate_per_s"] == pytest.approx(3000 / result["median_s"], rel=0.01)
    peers = {peer["name"]: peer for peer in result["peers"]}
    assert peers["openfisca"] == {"name": "openfisca", "missing": "LUOSHI_PEERS_PYTHON is not set"}
    assert peers["luoshi numpy"]["rate_per_s"] > 0


def test_an_engine_that_disagrees_is_caught(bench, monkeypatch):
    monkeypatch.setitem(bench.AMOUNTS, "seismic", (21, 1))
    with pytest.raises(AssertionError, match="disagrees"):
        bench.run(3000)


def test_an_interpreter_without_openfisca_is_said_not_raised(bench, monkeypatch, tmp_path):
    import sys

    monkeypatch.setenv("LUOSHI_PEERS_PYTHON", sys.executable)
    columns = bench.make_columns(10)
    fisca = bench.OpenFisca(columns, tmp_path)
    try:
        assert fisca.process is None
        assert fisca.missing.startswith("OpenFisca did not start")
    finally:
        fisca.close()
