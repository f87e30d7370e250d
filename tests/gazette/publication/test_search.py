"""Search misses nothing and shows nobody what is not theirs."""

import datetime as dt
import random

import pytest
from tests.gazette.publication.conftest import SECRET, Published
from tests.office.conftest import SmallCounty

from luoshi.gazette.publication import folding, indexing
from luoshi.gazette.publication.search import PAGE, Query, matching, search
from luoshi.gazette.publication.visibility import Reader, public_reader
from luoshi.office import door

DAY = dt.date(2023, 7, 3)
SIGNS = "食品安全县镇村巡查台账农房改造停电应急，。()〔〕2023aB ０ｚ"


def entries(small: SmallCounty, number: int, seed: int = 7) -> list[indexing.Entry]:
    rnd = random.Random(seed)
    classes = ("proactive", "proactive", "", "on_request", "withheld")
    return [
        indexing.Entry(
            small.county.pk,
            "document",
            1000 + n,
            f"doc-{n}",
            "关于" + "".join(rnd.choices(SIGNS, k=5)),
            f"测发〔2023〕{n}号",
            f"{rnd.choice('甲乙')}局",
            dt.date(2015, 1, 1) + dt.timedelta(days=rnd.randrange(3000)),
            classes[n % 5],
            "".join(rnd.choices(SIGNS, k=rnd.randrange(5, 60))),
        )
        for n in range(number)
    ]


def scanned(rows: list[indexing.Entry], terms: tuple[str, ...], officer: bool) -> set[int]:
    found = set()
    for row in rows:
        head = folding.fold(f"{row.title} \u241e {row.number}")
        body = folding.fold(row.text) if officer or row.disclosure in ("proactive", "") else ""
        if (officer or row.disclosure != "withheld") and all(t in head or t in body for t in terms):
            found.add(row.source_id)
    return found


@pytest.mark.parametrize("officer", [False, True])
def test_recall_is_complete_for_words_of_any_length(small: SmallCounty, officer: bool) -> None:
    rows = entries(small, 300)
    with door.opened("fixture"):
        indexing.write(rows)
    rnd = random.Random(3)
    reader = Reader(small.county.pk, officer)
    asked = ["食", "食品", "安全", "a", "２０２３", "县镇村", "〔2023〕1", "号"]
    asked += ["".join(rnd.choices(SIGNS, k=rnd.randrange(1, 4))).strip() or "县" for _ in range(80)]
    asked += [row.text[3:8] for row in rows[:40] if row.text[3:8].strip()] + ["食 品", "安全 县"]
    for words in asked:
        terms = folding.terms(words)
        if terms:
            keys = matching(Query(words), reader, 10_000)
            assert {k & 0x3FFFFF for k in keys} == scanned(rows, terms, officer), words
            assert keys == sorted(keys, reverse=True), "newest first"


def test_pages_go_on_without_gap_or_repetition_in_both_orders(small: SmallCounty) -> None:
    rows = entries(small, 300)
    with door.opened("fixture"):
        indexing.write(rows)
    reader = Reader(small.county.pk, officer=True)
    for order in ("newest", "title"):
        whole = matching(Query("安", order=order), reader, 10_000)
        before, seen = "", list[int]()
        while True:
            page = search(Query("安", order=order, before=before), reader)
            seen += [f.source_id for f in page.found]
            before = page.more
            if not before:
                break
            assert len(page.found) == PAGE
        assert seen == [k & 0x3FFFFF for k in whole]
        assert len(set(seen)) == len(seen) == len(scanned(rows, ("安",), True))


def test_titles_come_first_when_asked(small: SmallCounty) -> None:
    rows = entries(small, 200)
    with door.opened("fixture"):
        indexing.write(rows)
    found = search(Query("安", order="title"), Reader(small.county.pk, officer=True)).found
    in_title = ["安" in f.title for f in found]
    assert in_title == sorted(in_title, reverse=True)


def test_filters_narrow(small: SmallCounty) -> None:
    rows = entries(small, 300)
    with door.opened("fixture"):
        indexing.write(rows)
    reader = Reader(small.county.pk, officer=True)
    mine = {r.source_id for r in rows if r.issuer == "甲局" and r.day and r.day.year == 2019}
    keys = matching(Query("关于", issuer="甲局", year=2019, kind="document"), reader, 10_000)
    assert {k & 0x3FFFFF for k in keys} == mine
    assert not matching(Query("关于", kind="chronicle"), reader, 10)


def test_full_and_half_width_and_line_breaks_are_one(published: Published) -> None:
    reader = public_reader(published.small.county.pk, DAY)
    for words in ("食品安全", "ＯＰＥＮ方案", "open方案", "测府发[2023]4号".replace("[", "〔").replace("]", "〕")):
        assert [f.code for f in search(Query(words), reader).found], words


@pytest.mark.parametrize("disclosure", ["on_request", "withheld"])
def test_words_that_are_not_public_are_found_by_nobody(published: Published, disclosure: str) -> None:
    county = published.small.county.pk
    for order in ("newest", "title"):
        assert not search(Query(SECRET[disclosure], order=order), public_reader(county, DAY)).found
        assert search(Query(SECRET[disclosure], order=order), Reader(county, officer=True)).found


def test_a_title_of_an_on_request_document_is_found_without_its_words(published: Published) -> None:
    found = search(Query("asked方案"), public_reader(published.small.county.pk, DAY)).found
    assert {f.kind for f in found} == {"document", "interpretation"}
    assert all(not f.open and not f.pieces for f in found)


def test_a_withheld_title_is_found_by_nobody(published: Published) -> None:
    assert not search(Query("kept方案"), public_reader(published.small.county.pk, DAY)).found


def test_another_county_finds_nothing(published: Published, neighbour: SmallCounty) -> None:
    assert not search(Query("open方案"), Reader(neighbour.county.pk, officer=True)).found


def test_contact_data_cannot_be_found(published: Published) -> None:
    for words in ("8123456", "desk@example.org", "王小明", "李大山"):
        assert not search(Query(words), Reader(published.small.county.pk, officer=True)).found, words


def test_the_index_follows_a_change_and_a_removal(published: Published) -> None:
    row = published.documents["proactive"]
    reader = public_reader(published.small.county.pk, DAY)
    with door.opened("fixture"):
        row.text = row.text.replace("溪水长流", "清风徐来")
        row.save()
    assert search(Query("清风徐来"), reader).found
    assert not search(Query("溪水长流"), reader).found
    with door.opened("fixture"):
        row.disclosure = "withheld"
        row.save()
    assert not search(Query("清风徐来"), reader).found


def test_only_the_newest_version_is_found(published: Published) -> None:
    from tests.gazette.publication.conftest import make_document

    old = published.documents["proactive"]
    reader = public_reader(published.small.county.pk, DAY)
    with door.opened("fixture"):
        new = make_document(published.small, "proactive", version=2, replaces=old)
    assert {f.source_id for f in search(Query("溪水长流"), reader).found} == {new.pk}
    with door.opened("fixture"):
        new.delete()
    assert {f.source_id for f in search(Query("溪水长流"), reader).found} == {old.pk}


def test_the_index_is_written_by_actions_only(small: SmallCounty) -> None:
    with pytest.raises(AssertionError):
        indexing.write(entries(small, 1))


def test_excerpts_mark_the_words_as_printed(published: Published) -> None:
    found = search(Query("食品安全"), public_reader(published.small.county.pk, DAY)).found[0]
    assert [w for w, hit in found.pieces if hit] == ["食品安全"]
    assert "，" in "".join(w for w, _ in found.pieces), "full-width marks stay as printed"
