"""Akoma Ntoso: valid against the OASIS schema, and read back to the same clauses."""

import datetime as dt
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.gazette.publication.conftest import Published

from luoshi.gazette.publication import akn
from luoshi.gazette.publication.tree import Outline, Section, flat, nested
from luoshi.gazette.publication.uris import uris

NAMES = uris("150222", "sample", dt.date(2023, 4, 13), dt.date(2023, 5, 1), 2)


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).parent / "schema" / "akomantoso30.xsd")))


def assert_valid(data: bytes) -> None:
    assert schema().validate(etree.fromstring(data)), schema().error_log


SIGNS = "一、（一）1.①是食品安全 \n\t\x0c\x00<>&\"'\r\u2060某县Az"
words = st.text(alphabet=SIGNS, max_size=40)


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    found, at = [], draw(st.integers(0, 50))
    front_at = at
    for n in range(draw(st.integers(0, 8))):
        own = draw(words)
        heading = draw(st.sampled_from(["", "食品安全", own[2:6]]))
        found.append(
            Section(
                f"{n}/{draw(st.sampled_from(['一', '（一）', '1 a']))}",
                draw(st.integers(1, 7)),
                heading,
                at,
                at + len(own),
                own,
            )
        )
        at += len(own)
    return Outline(draw(words), tuple(found), draw(words), front_at, at)


@settings(max_examples=60, deadline=None)
@given(outlines(), st.one_of(st.none(), outlines()))
def test_any_tree_comes_back_the_same_and_is_valid(outline: Outline, told: Outline | None) -> None:
    text = akn.Text(
        "关于印发《样本》的通知",
        "测府发〔2023〕1号",
        "测试县",
        dt.date(2023, 4, 13),
        dt.date(2023, 5, 1),
        2,
        outline,
        "样本解读" if told else "",
        told,
    )
    data = akn.to_xml(text, NAMES)
    assert_valid(data)
    assert akn.from_xml(data) == text


@given(outlines())
@settings(max_examples=60, deadline=None)
def test_nesting_loses_no_section(outline: Outline) -> None:
    assert flat(nested(outline.sections)) == outline.sections


def test_number_heading_and_rest_are_the_printed_words() -> None:
    assert akn.cut("（一）加强巡查\n\n每月一次。", "加强巡查") == ("（一）", "加强巡查", "\n\n每月一次。")
    assert akn.cut("1.1 编制目的 说明", "编制目的") == ("1.1 ", "编制目的", " 说明")
    assert akn.cut("没有编号", "别的标题") == ("", "", "没有编号")


def test_a_document_without_clauses_and_day_is_valid() -> None:
    text = akn.Text("短函", "", "测试县", None, None, 1, Outline("只有一段。", (), ""))
    data = akn.to_xml(text, uris("", "short", None, None, 1))
    assert_valid(data)
    assert akn.from_xml(data) == text


def test_a_file_cannot_pull_in_another() -> None:
    data = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + akn.to_xml(
        akn.Text("t", "", "i", None, None, 1, Outline("x", (), "")), NAMES
    ).split(b"?>", 1)[1].replace(b">x<", b">&x;<")
    assert akn.from_xml(data).outline.front == ""


def test_the_page_serves_valid_xml_with_everything_masked(published: Published) -> None:
    response = published.get("/d/small-open.xml")
    assert response.status_code == 200
    data = response.content
    assert_valid(data)
    for secret in ("8123456", "desk@example.org", "王小明", "李大山"):
        assert secret.encode() not in data
    back = akn.from_xml(data)
    document = published.documents["proactive"]
    assert [s.path for s in back.outline.sections] == ["一", "二", "二/（一）", "二/（二）"]
    first = back.outline.sections[2]
    assert document.text[first.start : first.end] == first.words, "what is not masked is exactly what was printed"


@pytest.mark.parametrize("name", ["asked", "kept"])
def test_the_words_of_a_document_that_is_not_public_are_not_in_xml(published: Published, name: str) -> None:
    response = published.get(f"/d/small-{name}.xml")
    assert response.status_code in (403, 404)
    assert "梧桐细雨".encode() not in response.content and "密林深处".encode() not in response.content
