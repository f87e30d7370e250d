"""The rule of bench/table.py in OpenFisca: run by that bench in OpenFisca's own interpreter, never by the product.

Reads columns from the .npz named on the command line. For each line on standard input: one fresh simulation, and
one line of JSON with seconds, verdict counts and the sum of amounts.
"""

import json
import sys
import time

import numpy as np
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

YEAR = "2023"
CLOSE, RESIDENCE, PRIOR, KEY, SEISMIC = 19477, 365, 2023, 2261600, 1000000
SMALL = np.array([0, 20, 30, 40, 0, 0, 0, 0, 0], np.float32)

with np.load(sys.argv[1]) as file:
    columns = {name: file[name] for name in file.files}
household = build_entity(key="household", plural="households", label="household", is_person=True)
system = TaxBenefitSystem([household])


def verdict(households, period, parameters):
    h = {name: households(name, period) for name in columns}
    size, small = h["size"], h["size"] <= 3
    low = np.where(small, SMALL[size], np.float32(13) * size)
    high = np.where(small, 60, 18 * size)
    conditions = [
        h["category"] == 7,
        h["danger"] < 2,
        ~h["no_house_cert"],
        h["has_other_house"],
        h["disaster_rebuild"],
        (h["prior_year"] > 0) & ~h["redamaged"],
        ~h["certified"],
        h["apply_day"] - h["resident_day"] < RESIDENCE,
        h["apply_day"] > CLOSE,
        (h["mode"] == 1) & ((h["area"] < low) | (h["area"] > high)),
        h["category"] < 6,
        (h["intensity"] >= 7) & h["willing"] & (h["prior_year"] < PRIOR),
    ]
    return np.select(conditions, [*range(1, 11), 20, 21], 11)


def amount(households, period, parameters):
    found = households("verdict", period)
    key = np.where(households("danger", period) == 3, KEY, KEY * 6 // 10)
    key = np.where(households("mode", period) == 2, key * 8 // 10, key)
    return np.where(found == 20, key, np.where(found == 21, SEISMIC, 0))


def declare(name, value_type, formula=None):
    body = {"value_type": value_type, "entity": household, "definition_period": periods.DateUnit.YEAR, "label": name}
    system.add_variable(type(name, (Variable,), body | ({"formula": formula} if formula else {})))


for name, column in columns.items():
    declare(name, bool if column.dtype == bool else float if column.dtype.kind == "f" else int)
declare("verdict", int, verdict)
declare("amount", int, amount)


def once():
    n = len(columns["size"])
    start = time.perf_counter()
    simulation = SimulationBuilder().build_default_simulation(system, count=n)
    for name, column in columns.items():
        simulation.set_input(name, YEAR, column)
    verdicts, amounts = simulation.calculate("verdict", YEAR), simulation.calculate("amount", YEAR)
    seconds = time.perf_counter() - start
    counts = np.bincount(verdicts)
    said = {int(code): int(counts[code]) for code in np.flatnonzero(counts)}
    return {"seconds": seconds, "counts": said, "amount": int(amounts.sum(dtype=np.int64))}


print("ready", flush=True)
for _ in sys.stdin:
    print(json.dumps(once()), flush=True)
