"""Search over 50 k documents (or ``--n``): words of two characters, of four, phrases, single characters; both databases.

Documents are put together from the words of the packaged registers, so that frequent and rare words exist. Each query is asked
as a page asks: the first 20 results with titles, excerpts and access, newest first and titles first. Recall is the share of
what a scan of all texts finds that the index finds. Peers run on the same rows in the same process: a LIKE scan on both,
FTS5's own trigram tokenizer on SQLite, pg_trgm where the server has it on PostgreSQL.
"""

import datetime as dt
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fresh

DOCUMENTS = 50_000
QUERIES = 40
ROUNDS = 3
BATCH = 500
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚"
PLACES = "东西南北上下前后沟滩湾坡梁营台窑井河"


def run(n: int | None = None) -> dict[str, Any]:
    """Measure on every database that answers."""
    size = n or DOCUMENTS
    rows = [row for kind in fresh.databases() for row in fresh.in_own_process("search.py", kind, size)]
    ours = [r for r in rows if "p95_ms" in r and not r["name"].startswith("peer")]
    worst = max(ours, key=lambda r: r["p95_ms"])
    return {
        "name": "search", "n": size, "median_s": statistics.median(r["p50_ms"] for r in ours) / 1e3,
        "rate_per_s": 1e3 / statistics.median(r["p50_ms"] for r in ours), "worst_p95_ms": worst["p95_ms"],
        "worst_cpu_p95_ms": max(r["cpu_p95_ms"] for r in ours),
        "recall": min(r["recall"] for r in ours if "recall" in r), "peak_mib": max(r.get("peak_mib", 0) for r in rows),
        "machine": fresh.machine(), "peers": rows,
    }  # fmt: skip


def measure(kind: str, size: int) -> list[dict[str, Any]]:
    """Fill one database and ask."""
    connection = fresh.start(kind)
    county = _county()
    documents = corpus(size)
    began = time.perf_counter()
    fill(connection, kind, county, documents)
    filled = time.perf_counter() - began
    rows: list[dict[str, Any]] = [{
        "name": f"{kind} fill", "n": size, "seconds": round(filled, 1), "index_mib": round(_mib(connection, kind), 1),
        "text_mib": round(sum(len(t.encode()) for _, _, t in documents) / 2**20, 1),
    }]  # fmt: skip
    asked = queries(documents)
    truth = {c: [_scan(documents, q) for q in qs] for c, qs in asked.items()}
    if kind == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            _BACKEND.append(cursor.fetchone()[0])
    rows += _ours(kind, county, asked, truth)
    rows += _peers(connection, kind, documents, asked)
    rows[-1]["peak_mib"] = round(fresh.peak_mib(), 1)
    return rows


def corpus(size: int) -> list[tuple[str, dt.date, str]]:
    """Return (title, day, text) of made-up documents of about 700 characters, from the registers' own words."""
    from luoshi.office import register

    rnd = random.Random(20231)
    words = [c.zh for r in register.registers().values() for c in r.clauses.values()]
    weights = [1 / (1 + i % 97) for i in range(len(words))]
    made = []
    for _ in range(size):
        name = rnd.choice(SURNAMES) + "".join(rnd.choices(GIVEN, k=rnd.choice((1, 2, 2))))
        village = rnd.choice(PLACES) + rnd.choice(SURNAMES) + rnd.choice(PLACES) + "村"
        picked = rnd.choices(words, weights, k=rnd.randint(30, 110))
        day = dt.date(2015, 1, 1) + dt.timedelta(days=rnd.randrange(4000))
        text = f"测政办发〔{day.year}〕{rnd.randint(1, 400)}号。{village}村民{name}。" + "".join(
            w + rnd.choice("，，，。；") for w in picked
        )
        made.append((f"关于{rnd.choice(words)[:24]}的通知", day, text))
    return made


def queries(documents: list[tuple[str, dt.date, str]]) -> dict[str, list[str]]:
    """Return queries by class: drawn from the texts, so frequent words come often, and made-up rare ones."""
    rnd = random.Random(7)

    def drawn(length: int, count: int) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            text = rnd.choice(documents)[2]
            at = rnd.randrange(30, max(31, len(text) - length))
            word = text[at : at + length]
            if len(word) == length and all("\u4e00" <= c <= "\u9fff" for c in word):
                found.append(word)
        return found

    rare2 = [rnd.choice(SURNAMES) + rnd.choice(GIVEN) for _ in range(8)]
    rare4 = [rnd.choice(PLACES) + rnd.choice(SURNAMES) + rnd.choice(PLACES) + "村" for _ in range(8)]
    return {
        "2 characters": drawn(2, QUERIES - 8) + rare2, "4 characters": drawn(4, QUERIES - 8) + rare4,
        "phrase": drawn(7, QUERIES), "1 character": drawn(1, QUERIES),
        "two words": [f"{a} {b}" for a, b in zip(drawn(2, QUERIES), drawn(2, QUERIES), strict=True)],
    }  # fmt: skip


def _scan(documents: list[tuple[str, dt.date, str]], query: str) -> int:
    from luoshi.gazette.publication.folding import terms

    wanted = terms(query)
    return sum(all(t in title or t in text for t in wanted) for title, _, text in _folded(documents))


_FOLDED: list[tuple[str, dt.date, str]] = []


def _folded(documents: list[tuple[str, dt.date, str]]) -> list[tuple[str, dt.date, str]]:
    from luoshi.gazette.publication.folding import fold
    from luoshi.gazette.publication.masking import masked

    if not _FOLDED:
        _FOLDED.extend((fold(title), day, fold(masked(text))) for title, day, text in documents)
    return _FOLDED


def _county() -> int:
    from luoshi.office import door
    from luoshi.office.people.models import County

    with door.opened("bench"):
        return int(County.objects.create(code="bench", division_code="0", name_zh="测", name_en="bench").pk)


def fill(connection: Any, kind: str, county: int, documents: list[tuple[str, dt.date, str]]) -> None:
    """Write the rows through the product's own indexing; on PostgreSQL the indexes are built after a bulk load."""
    from django.db import transaction

    from luoshi.gazette.publication import indexing
    from luoshi.office import door

    rows = [
        indexing.Entry(
            county, "document", n, f"d{n}", title, f"测发〔{day.year}〕{n}号", f"{n % 20}局", day, "proactive", text
        )
        for n, (title, day, text) in enumerate(documents, 1)
    ]
    with connection.cursor() as cursor:
        if kind == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
            kept = [("search_head_grams", "head_grams"), ("search_body_grams", "body_grams")]
            for name, _ in kept:
                cursor.execute(f"DROP INDEX {name}")
        for at in range(0, len(rows), BATCH):
            with door.opened("bench"), transaction.atomic():
                indexing.write(rows[at : at + BATCH])
        if kind == "postgresql":
            for name, column in kept:
                cursor.execute(f"CREATE INDEX {name} ON gazette_searchrow USING gin ({column}) WITH (fastupdate = off)")
            cursor.execute("VACUUM ANALYZE gazette_searchrow")
        else:
            cursor.execute("ANALYZE")


def _mib(connection: Any, kind: str) -> float:
    sql = (
        "SELECT pg_indexes_size('gazette_searchrow')" if kind == "postgresql"
        else "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'gazette_searchgram%%'"
    )  # fmt: skip
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql)
            return float(cursor.fetchone()[0] or 0) / 2**20
        except Exception:
            return 0.0


def _ours(kind: str, county: int, asked: dict[str, list[str]], truth: dict[str, list[int]]) -> list[dict[str, Any]]:
    from luoshi.gazette.publication.search import Query, matching, search
    from luoshi.gazette.publication.visibility import Reader

    reader = Reader(county, officer=False)
    rows = []
    for name, words in asked.items():
        found = [len(matching(Query(w), reader, 1_000_000)) for w in words]
        recall = sum(min(a, b) for a, b in zip(found, truth[name], strict=True)) / max(1, sum(truth[name]))
        extra = sum(max(0, a - b) for a, b in zip(found, truth[name], strict=True))
        for order in ("newest", "title"):
            times = timed(words, lambda w, order=order: search(Query(w, order=order), reader))
            rows.append({"name": f"{kind} {name}, {order}", **spread(times), "recall": recall, "extra": extra,
                         "hits_median": statistics.median(truth[name])})  # fmt: skip
    return rows


def _peers(
    connection: Any, kind: str, documents: list[tuple[str, dt.date, str]], asked: dict[str, list[str]]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    few = asked["2 characters"][::4]
    like = "SELECT id FROM gazette_searchrow WHERE body LIKE %s OR head LIKE %s ORDER BY id DESC LIMIT 20"

    def ask(sql: str, times: int = 1) -> Callable[[str], object]:
        def answered(word: str) -> object:
            with connection.cursor() as cursor:
                cursor.execute(sql, [f"%{word}%"] * times)
                return cursor.fetchall()

        return answered

    rows.append({"name": f"peer {kind} LIKE, 2 characters", **spread(timed(few, ask(like, 2), 1))})
    rare = [q for q in asked["4 characters"][-8:]]
    rows.append({"name": f"peer {kind} LIKE, rare 4 characters", **spread(timed(rare, ask(like, 2), 1))})
    with connection.cursor() as cursor:
        if kind == "postgresql":
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            except Exception as fault:
                return [*rows, {"name": "peer postgresql pg_trgm", "missing": str(fault).splitlines()[0][:120]}]
            cursor.execute("CREATE INDEX bench_trgm ON gazette_searchrow USING gin (body gin_trgm_ops)")
            cursor.execute("ANALYZE gazette_searchrow")
            only = "SELECT id FROM gazette_searchrow WHERE body LIKE %s ORDER BY id DESC LIMIT 20"
            rows.append({"name": "peer postgresql pg_trgm, 2 characters", **spread(timed(few, ask(only), 1))})
            rows.append({"name": "peer postgresql pg_trgm, rare 4 characters", **spread(timed(rare, ask(only), 1))})
        else:
            from luoshi.office import door

            with door.opened("bench"):
                cursor.execute("CREATE VIRTUAL TABLE bench_trigram USING fts5(body, tokenize='trigram', detail=none)")
                cursor.execute("INSERT INTO bench_trigram (rowid, body) SELECT id, body FROM gazette_searchrow")
            only = "SELECT rowid FROM bench_trigram WHERE body LIKE %s ORDER BY rowid DESC LIMIT 20"
            rows.append({"name": "peer sqlite FTS5 trigram, 2 characters", **spread(timed(few, ask(only), 1))})
            rows.append({"name": "peer sqlite FTS5 trigram, rare 4 characters", **spread(timed(rare, ask(only), 1))})
    return rows


def timed(words: list[str], call: Callable[[str], object], rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """Return wall and processor time of each query in each round; one query warms up."""
    call(words[0])
    times = []
    for _ in range(rounds):
        for word in words:
            began, spent = time.perf_counter(), _spent()
            call(word)
            times.append((time.perf_counter() - began, _spent() - spent))
    return times


def _spent() -> float:
    """Return the processor seconds of this process and of the database's process that serves it."""
    own = time.process_time()
    try:
        return (
            own + int(Path(f"/proc/{_BACKEND[0]}/schedstat").read_text("ascii").split()[0]) / 1e9 if _BACKEND else own
        )
    except OSError:
        return own


_BACKEND: list[int] = []


def spread(times: list[tuple[float, float]]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds: wall time, and processor time of both sides (``cpu_``), which
    says what a query costs on a machine that is busy with other work."""
    found = {}
    for prefix, values in (("", [t[0] for t in times]), ("cpu_", [t[1] for t in times])):
        ordered = sorted(values)
        at = min(len(ordered) - 1, round(0.95 * len(ordered)))
        found[f"{prefix}p50_ms"] = round(statistics.median(ordered) * 1e3, 2)
        found[f"{prefix}p95_ms"] = round(ordered[at] * 1e3, 2)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2])), ensure_ascii=False))
