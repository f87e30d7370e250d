"""The seal: one spelling, digests that name their algorithm, trees nobody can bend."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.core import seal
from luoshi.core.problem import Problem

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
leaf_lists = st.lists(st.text("abc01", max_size=4), min_size=1, max_size=40)
algorithms = st.sampled_from(seal.ALGORITHMS)


def test_canonical_spells_keys_in_order_without_spaces_and_keeps_chinese():
    given_value = {"县": "固阳", "a": [1, True, None], "on": date(2023, 7, 3), "amount": Decimal("12.50")}
    assert seal.canonical(given_value).decode() == '{"a":[1,true,null],"amount":"12.50","on":"2023-07-03","县":"固阳"}'


def test_canonical_spells_moments_as_iso():
    assert seal.canonical([datetime(2023, 7, 3, 9, 30)]) == b'["2023-07-03T09:30:00"]'


@settings(max_examples=80, deadline=None)
@given(json_values)
def test_canonical_survives_reading_back(value):
    spelt = seal.canonical(value)
    assert seal.canonical(json.loads(spelt)) == spelt


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(), max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_keys_does_not_matter(table, random):
    items = list(table.items())
    random.shuffle(items)
    assert seal.canonical(dict(items)) == seal.canonical(table)


@pytest.mark.parametrize(
    "value",
    [float("nan"), {"a": [float("inf")]}, {1: "a"}, {"a": {2: "b"}}, {"a", "b"}, object(), "\ud800", b"bytes"],
    ids=["nan", "infinity", "number key", "deep number key", "set", "object", "surrogate", "bytes"],
)
def test_canonical_refuses_what_has_no_single_spelling(value):
    with pytest.raises(Problem):
        seal.canonical(value)


def test_digest_names_its_algorithm_and_matches_the_published_vectors():
    assert seal.digest(b"abc", "sm3") == "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert seal.digest(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sm3_without_openssl_gives_the_same_digest(monkeypatch):
    def no_sm3(name, *_args, **_kwargs):
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", no_sm3)
    assert seal.digest(b"abc", "sm3") == "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_an_unknown_algorithm_is_a_problem():
    with pytest.raises(Problem):
        seal.digest(b"abc", "md5")


@pytest.mark.parametrize("text", ["sha256:abc", "md5:" + "0" * 64, "", "sha256:" + "G" * 64, "0" * 64])
def test_what_is_no_digest_is_a_problem(text):
    with pytest.raises(Problem):
        seal.algorithm_of(text)


def reference_root(leaves: list[str]) -> bytes:
    """RFC 6962 section 2.1 word for word: split at the largest power of two below n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0].encode()).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + reference_root(leaves[:split]) + reference_root(leaves[split:])).digest()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab", max_size=3), max_size=40))
def test_root_is_that_of_rfc_6962(leaves):
    assert seal.merkle_root(leaves) == "sha256:" + reference_root(leaves).hex()


@settings(max_examples=60, deadline=None)
@given(leaf_lists, st.data(), algorithms)
def test_every_leaf_can_be_proved_and_no_other_in_its_place(leaves, data, algorithm):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root = seal.merkle_root(leaves, algorithm)
    proof = seal.merkle_proof(leaves, index, algorithm)
    assert seal.verify_proof(leaves[index], index, len(leaves), proof, root)
    assert not seal.verify_proof(leaves[index] + "x", index, len(leaves), proof, root)
    assert not seal.verify_proof(leaves[index], index, len(leaves), (*proof, "0" * 64), root)
    assert not seal.verify_proof(leaves[index], len(leaves), len(leaves), proof, root)
    if proof:
        assert not seal.verify_proof(leaves[index], index, len(leaves), proof[:-1], root)
        assert not seal.verify_proof(leaves[index], index, len(leaves), ("zz" * 32, *proof[1:]), root)


@settings(max_examples=60, deadline=None)
@given(leaf_lists, st.data())
def test_any_change_of_the_leaves_changes_the_root(leaves, data):
    root = seal.merkle_root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert seal.merkle_root([*leaves[:index], leaves[index] + "!", *leaves[index + 1 :]]) != root
    assert seal.merkle_root([*leaves[:index], *leaves[index + 1 :]]) != root
    assert seal.merkle_root([*leaves, leaves[-1]]) != root
    if leaves != leaves[::-1]:
        assert seal.merkle_root(leaves[::-1]) != root


def test_a_node_cannot_pass_for_a_leaf():
    left = hashlib.sha256(b"\x00a").digest()
    right = hashlib.sha256(b"\x00b").digest()
    assert seal.merkle_root(["a", "b"]) != "sha256:" + hashlib.sha256(left + right).hexdigest()
    assert seal.merkle_root([(left + right).hex()]) != seal.merkle_root(["a", "b"])


def test_a_proof_holds_for_its_own_size_of_tree_only():
    left, right = hashlib.sha256(b"\x00a").hexdigest(), hashlib.sha256(b"\x00b").hexdigest()
    root = seal.merkle_root(["a", "b"])
    assert seal.verify_proof("a", 0, 2, [right], root)
    assert not seal.verify_proof("a", 0, 3, [right], root)
    assert not seal.verify_proof("b", 0, 1, [left], root)


def test_no_proof_for_a_leaf_that_is_not_there():
    with pytest.raises(Problem):
        seal.merkle_proof(["a"], 1)
    with pytest.raises(Problem):
        seal.merkle_proof(["a"], -1)


def test_each_part_of_a_seal_counts():
    root = seal.merkle_root(["a", "b"])
    before = seal.chain(None, root, 1, 2, "2023-07-03T00:00:00+08:00")
    parts = dict(previous=before, root=root, first_id=3, last_id=4, sealed_at_iso="2023-07-04T00:00:00+08:00")
    sealed = seal.chain(**parts)
    others = dict(
        previous=None, root=seal.merkle_root(["a"]), first_id=2, last_id=5, sealed_at_iso="2023-07-05T00:00:00+08:00"
    )
    for name, other in others.items():
        assert seal.chain(**{**parts, name: other}) != sealed, name


def test_the_seal_speaks_the_algorithm_of_its_root_and_may_follow_another():
    old = seal.chain(None, seal.merkle_root(["a"]), 1, 1, "2023-07-03")
    new = seal.chain(old, seal.merkle_root(["b"], "sm3"), 2, 2, "2023-07-04")
    assert old.startswith("sha256:")
    assert new.startswith("sm3:")


def test_a_forged_previous_seal_is_a_problem():
    with pytest.raises(Problem):
        seal.chain("nothing", seal.merkle_root(["a"]), 1, 1, "2023-07-03")
