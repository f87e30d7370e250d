"""Numbers of persons and units. Every number here is made up from the rules; none is anybody's."""

import hashlib
import hmac
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from luoshi.core import identity_digits as digits
from luoshi.core.identity import (
    blind_index,
    born_on,
    check_bank_card,
    check_credit_code,
    check_phone,
    check_resident_id,
    find_identity_numbers,
    mask_bank_card,
    mask_name,
    mask_phone,
    mask_resident_id,
    normalise,
)
from luoshi.core.problem import Problem

SAMPLE_ID = "11010519491231002X"  # the worked example of the standard itself
OLD_ID = "110105491231002"
CARD = "6222020000000000000"
KEY = b"k" * 32


def resident_id(region: str, born: date, sequence: int) -> str:
    first = f"{region}{born:%Y%m%d}{sequence:03}"
    return first + digits.id_check_character(first)


def codes(checked) -> list[str]:
    return [warning.code for warning in checked.warnings]


resident_ids = st.builds(
    resident_id,
    st.sampled_from(["150222", "150221", "150207", "110105", "440305"]),
    st.dates(date(1920, 1, 1), date(2023, 12, 31)),
    st.integers(1, 999),
)
cards = st.builds(
    lambda head, body: (head + body) + luhn.calc_check_digit(head + body),
    st.sampled_from(["622202", "622848", "955880", "621700"]),
    st.text("0123456789", min_size=9, max_size=12),
)
phones = st.builds(
    lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), st.text("0123456789", min_size=9, max_size=9)
)


# --- resident numbers ---------------------------------------------------------------------------------------------


def test_the_example_of_the_standard_passes():
    assert check_resident_id(SAMPLE_ID).value == SAMPLE_ID
    assert check_resident_id(SAMPLE_ID).warnings == ()
    assert born_on(SAMPLE_ID) == date(1949, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５-１９４９１２３１-００２Ｘ",
        "110105\u200b19491231002X",
    ],
)
def test_ways_of_writing_it_come_to_one_spelling(text):
    assert check_resident_id(text).value == SAMPLE_ID


@pytest.mark.parametrize("region", ["150202", "150204", "150207", "150221", "150222", "150223", "150271"])
def test_counties_of_our_city_pass_even_those_a_table_does_not_know(region):
    assert codes(check_resident_id(resident_id(region, date(1980, 5, 6), 12))) == []


def test_an_unknown_province_is_a_warning_only():
    assert codes(check_resident_id(resident_id("990101", date(1980, 5, 6), 12))) == ["region_unknown"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "X", "1101051949123100", "110105194912310021", "1101051949123100211", "X1010519491231002X"),
        *("11010519491331002X", "11010519490230002X", "11010517491231002X", "1101051949123100²X", "٣٣٠١٠٥١٩٤٩١٢٣١٠٠٢X"),
    ],
)
def test_what_is_no_resident_number_is_a_problem(text):
    with pytest.raises(Problem):
        check_resident_id(text)


def test_an_impossible_birth_day_is_a_problem_though_the_check_character_holds():
    first = "15022219800231001"
    with pytest.raises(Problem):
        check_resident_id(first + digits.id_check_character(first))


def test_nobody_is_born_after_the_day_of_asking():
    number = resident_id("150222", date(2023, 7, 3), 1)
    assert check_resident_id(number, as_of=date(2023, 7, 3))
    with pytest.raises(Problem):
        check_resident_id(number, as_of=date(2023, 7, 2))


def test_old_numbers_are_refused_unless_imported_and_then_marked():
    with pytest.raises(Problem):
        check_resident_id(OLD_ID)
    assert codes(check_resident_id(OLD_ID, accept_old=True)) == ["old_number"]
    assert born_on(OLD_ID) == date(1949, 12, 31)
    with pytest.raises(Problem):
        check_resident_id("110105491331002", accept_old=True)


@pytest.mark.parametrize("check", [check_resident_id, check_bank_card, check_credit_code, check_phone])
def test_no_message_repeats_the_number(check):
    with pytest.raises(Problem) as caught:
        check("110105194912310021")
    assert "1949" not in caught.value.line("zh") + caught.value.line("en")


@settings(max_examples=100, deadline=None)
@given(resident_ids, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Problem):
        check_resident_id(wrong)


@settings(max_examples=100, deadline=None)
@given(resident_ids, st.integers(0, 15))
def test_any_two_neighbours_swapped_are_noticed(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(Problem):
            check_resident_id(swapped)


@settings(max_examples=60, deadline=None)
@given(resident_ids)
def test_numbers_made_by_the_rule_pass_and_name_their_day(number):
    assert check_resident_id(number).value == number
    assert f"{born_on(number):%Y%m%d}" == number[6:14]


# --- credit codes, cards, phones ----------------------------------------------------------------------------------


def credit_code(head: str, organisation: str) -> str:
    body = head + organisation + digits.organisation_check_character(organisation)
    return body + digits.credit_check_character(body)


def test_credit_codes():
    assert check_credit_code("91110000600037341l").value == "91110000600037341L"
    assert codes(check_credit_code("91 1100 0060 0037 341L")) == []


def test_village_collectives_have_letters_in_front():
    assert check_credit_code(credit_code("N2150222", "MF12345X")).warnings == ()


def test_an_odd_organisation_code_is_a_warning_only():
    body = "91150222" + "MA0N1234" + "5"
    assert digits.organisation_check_character("MA0N1234") != "5"
    assert codes(check_credit_code(body + digits.credit_check_character(body))) == ["organisation_code"]


@pytest.mark.parametrize(
    "text",
    ["", "91110000600037341M", "9111000060003734IL", "91110000600037341", "911A0000600037341L", "9111000060003734一L"],
)
def test_what_is_no_credit_code_is_a_problem(text):
    with pytest.raises(Problem):
        check_credit_code(text)


def test_cards():
    assert check_bank_card("6222 0200 0000 0000 000").value == CARD


@pytest.mark.parametrize(
    "text", ["", "6222020000000000001", "62220200000000", "62220200000000000000", "0" * 16, "622202000000000000X"]
)
def test_what_is_no_card_is_a_problem(text):
    with pytest.raises(Problem):
        check_bank_card(text)


@pytest.mark.parametrize(
    "text", ["13800000000", "+86 138-0000-0000", "8613800000000", "0086 13800000000", "１３８００００００００"]
)
def test_phones_come_to_eleven_digits(text):
    assert check_phone(text).value == "13800000000"


@pytest.mark.parametrize(
    "text", ["", "12800000000", "1380000000", "138000000000", "0472-1234567", "++8613800000000", "138000000²0"]
)
def test_what_is_no_mobile_number_is_a_problem(text):
    with pytest.raises(Problem):
        check_phone(text)


# --- masks --------------------------------------------------------------------------------------------------------


def test_masks_for_officers_and_for_the_public():
    assert mask_resident_id(SAMPLE_ID) == "110105********002X"
    assert mask_resident_id(SAMPLE_ID, public=True) == "110105***********X"
    assert mask_resident_id(OLD_ID) == "110105*****1002"
    assert mask_bank_card(CARD) == "622202*********0000"
    assert mask_bank_card(CARD, public=True) == "*" * 19
    assert mask_phone("+86 13812341234") == "138****1234"
    assert mask_phone("13812341234", public=True) == "*" * 11


@pytest.mark.parametrize(
    "name,internal,public",
    [
        ("张某三", "张*三", "张**"),
        ("张三", "张*", "张*"),
        ("张", "*", "*"),
        ("", "", ""),
        (" 乌云其木格 ", "乌***格", "乌****"),
    ],
)
def test_names(name, internal, public):
    assert (mask_name(name), mask_name(name, public=True)) == (internal, public)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=24) | resident_ids | cards | phones, st.booleans())
def test_no_mask_shows_more_than_its_rule(value, public):
    shown = {mask_resident_id: 7 if public else 10, mask_bank_card: 0 if public else 10, mask_phone: 0 if public else 7}
    for mask, most in shown.items():
        assert len(mask(value, public=public).replace("*", "")) <= most
    assert len(mask_name(value, public=public).replace("*", "")) <= (1 if public else 2)
    assert mask_phone("1234567890") == "*" * 10
    assert mask_resident_id("123456") == "*" * 6


@settings(max_examples=60, deadline=None)
@given(resident_ids)
def test_the_public_mask_hides_birth_day_and_sequence(number):
    masked = mask_resident_id(number, public=True)
    assert masked[6:17] == "*" * 11
    assert len(masked) == 18


# --- blind index --------------------------------------------------------------------------------------------------


def test_the_index_is_the_same_for_all_spellings_and_is_what_it_says():
    assert blind_index("110105 19491231 002x", KEY, "resident_id") == blind_index(SAMPLE_ID, KEY, "resident_id")
    message = b"\x00\x00\x00\x0bresident_id" + SAMPLE_ID.encode()
    assert blind_index(SAMPLE_ID, KEY, "resident_id") == hmac.new(KEY, message, hashlib.sha256).hexdigest()


def test_key_and_purpose_keep_indexes_apart():
    plain = blind_index("1234", KEY, "a")
    assert blind_index("1234", b"j" * 32, "a") != plain
    assert blind_index("1234", KEY, "b") != plain
    assert blind_index("234", KEY, "a1") != blind_index("1234", KEY, "a")


@pytest.mark.parametrize("value,key,purpose", [("1", b"short", "a"), ("", KEY, "a"), (" - ", KEY, "a"), ("1", KEY, "")])
def test_an_index_without_key_value_or_purpose_is_a_problem(value, key, purpose):
    with pytest.raises(Problem):
        blind_index(value, key, purpose)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20))
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


# --- finding them in free text ------------------------------------------------------------------------------------


def kinds(text: str) -> list[str]:
    return [found.kind for found in find_identity_numbers(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"户主身份证号{SAMPLE_ID}。",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002x，",
        "110105 19491231 002X",
        "110105-1949-1231-002X",
        "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X",
        "110105\u200b19491231\u200b002X",
        "1101051949123\u00ad1002X",
        "11010519491231 002 X",
        "ID11010519491231002X",
        f"00{SAMPLE_ID}",
        f"{SAMPLE_ID}13812341234",
        f"13812341234{SAMPLE_ID}",
        "110105194912310021",  # a wrong check character: a slip does not make it public
        f"编号{OLD_ID}号",
    ],
)
def test_a_resident_number_is_found(text):
    assert "resident_id" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "6222 0200 0000 0000 000",
        "6222-0200-0000-0000-000",
        "卡号：" + CARD.translate({ord("0") + i: ord("０") + i for i in range(10)}),
        "622202 0000000000000",
    ],
)
def test_a_card_is_found(text):
    assert kinds(text) == ["bank_card"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "13812341234",
            "电话138 1234 1234",
            "138-1234-1234",
            "+86 138 1234 1234",
            "8613812341234",
            "１３８１２３４１２３４",
        ),
        *("1 3 8 1 2 3 4 1 2 3 4", "138–1234–1234", "13812341234,", "手机13812341234。", "13\u200b812341234"),
    ],
)
def test_a_phone_is_found(text):
    assert [(found.kind, found.value) for found in find_identity_numbers(text)] == [("phone", "13812341234")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "固政发〔2023〕15号，2023年7月3日，面积 40—60 平方米，补助 22616 元",
        "2023-07-03 10:30",
        "15 203 1200 88",
        "0.13812341234",
        "a13812341234b",
        "6f13812341234",
        "X6222020000000000000",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "12800000000",
        "91150222MA0N12345X",
        "6222020000000000001",
        "123456789012345678",
        "138\n1234\n1234",
    ],
)
def test_ordinary_figures_are_left_alone(text):
    assert find_identity_numbers(text) == []


def test_spans_are_exact_and_in_order():
    text = f"张某（{SAMPLE_ID}，电话 138 1234 1234）卡{CARD}"
    found = find_identity_numbers(text)
    assert [one.kind for one in found] == ["resident_id", "phone", "bank_card"]
    assert [text[one.start : one.end] for one in found] == [SAMPLE_ID, "138 1234 1234", CARD]
    assert [one.certain for one in found] == [True, False, True]


def test_a_phone_and_a_resident_number_side_by_side_are_two():
    assert kinds(f"13812341234 {SAMPLE_ID}") == ["phone", "resident_id"]


filler = st.text("甲乙，。 \n户主:", max_size=6)
separators = st.sampled_from(["", " ", "-", "\u3000", "\u200b", "－"])


@settings(max_examples=120, deadline=None)
@given(filler, resident_ids, filler, separators, st.booleans())
def test_no_writing_hides_a_resident_number(before, number, after, separator, wide):
    written = separator.join(number)
    if wide:
        written = written.translate({ord("0") + i: ord("０") + i for i in range(10)})
    found = find_identity_numbers(f"{before}。{written}，{after}")
    assert (found[0].kind, found[0].value, found[0].certain) == ("resident_id", number, True)


@settings(max_examples=80, deadline=None)
@given(filler, cards | phones, filler)
def test_no_text_around_hides_a_card_or_a_phone(before, number, after):
    text = f"{before}。{number}，{after}"
    assert any(
        found.start <= text.index(number) and found.end >= text.index(number) + len(number)
        for found in find_identity_numbers(text)
    )


@settings(max_examples=120, deadline=None)
@given(st.text("0123456789X -甲.\u200b１", max_size=80))
def test_whatever_the_text_spans_are_inside_ordered_and_apart(text):
    found = find_identity_numbers(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2020, 1, 1)), st.integers(1, 400))
def test_a_masked_number_is_no_longer_found(born, days):
    number = resident_id("150222", born + timedelta(days), 7)
    assert find_identity_numbers(mask_resident_id(number)) == []
    assert find_identity_numbers(mask_resident_id(number, public=True)) == []
