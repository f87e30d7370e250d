"""Folding: what is compared, and what was printed beside it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.gazette.publication import folding

SIGNS = "食品安全ＡＢab １2㎡①\n\t \x0c，。…Ⅳﬁé"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=SIGNS, max_size=40) | st.text(max_size=30))
def test_the_printed_text_stands_beside_the_folded_one(text: str) -> None:
    beside = folding.fold_beside(text)
    assert len(beside.folded) == len(beside.words) == len(beside.places)
    assert list(beside.places) == sorted(beside.places)
    for word, place in zip(beside.words, beside.places, strict=True):
        assert word in (text[place], folding.JOINER, " ")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=SIGNS, max_size=40))
def test_both_ways_of_folding_agree(text: str) -> None:
    assert folding.fold_beside(text).folded == folding.fold(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=SIGNS, min_size=1, max_size=30), st.data())
def test_a_text_has_every_gram_of_each_of_its_words(text: str, data: st.DataObject) -> None:
    folded = folding.fold(text)
    if folded:
        start = data.draw(st.integers(0, len(folded) - 1))
        term = folded[start : start + data.draw(st.integers(1, 6))]
        assert folding.grams_of_term(term) <= folding.grams_of_text(folded)
        assert folding.find(text, (term,)), term


def test_terms_and_phrases() -> None:
    assert folding.terms("食品 安全　食品") == ("食品", "安全")
    assert folding.terms('"Akoma  Ntoso" 三') == ("akoma ntoso", "三")
    assert folding.terms("  ") == ()
