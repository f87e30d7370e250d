"""The public pages: what they show, to whom, how large they are."""

import datetime as dt

import pytest
from lxml import etree, html
from tests.gazette.publication.conftest import SECRET, Published, give_post, make_document, publish
from tests.office.conftest import make_county

from luoshi.gazette.models import Issue
from luoshi.office import door
from luoshi.office.plans.models import DatedValue

PUBLIC = (
    "/g/",
    "/g/2023/2/",
    "/g/chronicle",
    "/g/basis",
    "/d/small-open/",
    "/d/small-open/?show=interpretation",
    "/d/small-open/c/二/（一）",
    "/d/small-unmarked/",
    "/d/small-asked/",
    "/search",
    "/search?q=食品安全",
    "/search?q=asked方案&order=title",
    "/readings",
    "/readings?subject=gazette",
    "/readings/GAZ-R-03",
    "/readings/FOOD-R-002",
    "/ask",
    "/ask?document=small-asked",
    "/ask/state",
    "/notices",
    "/g/feed.xml",
    "/d/small-open.xml",
    "/robots.txt",
)
HIDDEN = ("8123456", "desk@example.org", "王小明", "李大山")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_need_no_account_and_stay_small(published: Published, path: str) -> None:
    response = published.get(path)
    assert response.status_code == 200, path
    assert len(response.content) <= 60_000
    words = response.content.decode()
    for secret in (*HIDDEN, SECRET["on_request"], SECRET["withheld"], "kept方案"):
        assert secret not in words, (path, secret)


@pytest.mark.parametrize("path", [p for p in PUBLIC if not p.endswith(("xml", "txt"))])
def test_public_pages_speak_both_languages(published: Published, path: str, client) -> None:  # type: ignore[no-untyped-def]
    client.cookies["luoshi_language"] = "en"
    response = client.get(path)
    assert response.status_code == 200
    assert 'lang="en"' in response.content.decode()[:200]


def test_an_issue_lists_its_contents_with_pages_and_columns(published: Published) -> None:
    words = published.get("/g/2023/2/").content.decode()
    tree = html.fromstring(words)
    assert [h.text for h in tree.xpath("//h3")][:1] == ["县政府文件"], "the printed column"
    assert "总第15期" in words and "2023年7月3日" in words
    lines = [" ".join(li.text_content().split()) for li in tree.xpath("//ol[@class='contents']/li")]
    assert any(line.startswith("5 关于印发《open方案》的通知") for line in lines)
    assert sum("政策解读" in line for line in lines) == 3, "an interpretation follows each listed document"
    assert any("政府大事记" in line for line in lines)


def test_a_document_has_its_index_fields_and_its_names(published: Published) -> None:
    words = published.get("/d/small-open/").content.decode()
    for said in (
        "索引号",
        "999999/2023-",
        "测府发〔2023〕4号",
        "主动公开",
        "有效性",
        "/akn/cn-999999/doc/2023-04-13/small-open",
    ):
        assert said in words
    assert 'rel="canonical"' in words


def test_the_interpretation_stands_beside_the_text(published: Published) -> None:
    tree = html.fromstring(published.get("/d/small-open/").content.decode())
    assert "为什么要抓" in tree.xpath("//aside[contains(@class,'told')]")[0].text_content()
    assert "为什么要抓" not in tree.xpath("//article")[0].text_content()


def test_running_heads_are_no_part_of_the_text(published: Published) -> None:
    assert (
        "县 政 府 文 件"
        not in html.fromstring(published.get("/d/small-open/").content.decode()).xpath("//article")[0].text_content()
    )


def test_scan_breaks_are_closed_and_words_kept(published: Published) -> None:
    assert "食品安全不放松" in published.get("/d/small-open/").content.decode()


def test_a_clause_has_its_own_address_and_neighbours(published: Published) -> None:
    tree = html.fromstring(published.get("/d/small-open/c/二/（二）").content.decode())
    assert "公开台账" in tree.xpath("//h1")[0].text_content()
    assert "重点任务" in tree.xpath("//nav[@class='crumbs']")[0].text_content()
    assert published.get("/d/small-open/c/没有").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/d/small-asked/",
        "/d/small-asked/c/一",
        "/d/small-asked.xml",
        "/d/small-asked/?as_of=2023-06-01",
        "/d/small-asked/?version=1",
        "/d/small-asked/?whole=1&q=工作",
        "/search?q=梧桐",
        "/g/basis",
        "/g/feed.xml",
    ],
)
def test_words_on_request_show_nowhere(published: Published, path: str) -> None:
    words = published.get(path).content.decode()
    for secret in (SECRET["on_request"], "每月巡查", "百分之九十"):
        assert secret not in words or ("small-open" in words and SECRET["on_request"] not in words), path


@pytest.mark.parametrize(
    "path", ["/d/small-kept/", "/d/small-kept/c/一", "/d/small-kept.xml", "/ask?document=small-kept"]
)
def test_a_withheld_document_is_not_there(published: Published, path: str) -> None:
    response = published.get(path)
    assert response.status_code in (200, 404)
    assert "kept方案" not in response.content.decode()
    assert path.startswith("/ask") or response.status_code == 404


def test_an_officer_reads_what_is_not_public_still_masked(published: Published) -> None:
    words = published.get("/d/small-asked/", as_="officer").content.decode()
    assert SECRET["on_request"] in words
    for secret in HIDDEN:
        assert secret not in words


@pytest.mark.parametrize("who", ["", "system_admin", "security_admin", "audit_admin"])
def test_without_a_post_that_reads_nothing_more_shows(published: Published, who: str) -> None:
    assert SECRET["on_request"] not in published.get("/d/small-asked/", as_=who).content.decode()


def test_another_countys_documents_are_not_there(published: Published, client) -> None:  # type: ignore[no-untyped-def]
    other = make_county("other")
    publish(other)
    for path in ("/d/other-open/", "/d/other-open.xml", "/d/other-open/c/一"):
        assert published.get(path).status_code == 404
        assert published.get(path, as_="officer").status_code == 404
    assert "other-open" not in published.get("/search?q=open方案").content.decode()
    assert "other-open" not in published.get("/g/feed.xml").content.decode()
    client.force_login(other.accounts["officer"])
    assert client.get("/d/small-asked/").status_code == 404
    assert "small-asked" not in client.get("/search?q=梧桐细雨").content.decode()


def test_a_ruling_opens_the_words_from_its_day_on(published: Published) -> None:
    with door.opened("fixture"):
        DatedValue.objects.create(
            county=published.small.county,
            subject="gazette",
            key="on_request_document_online.small-asked",
            value=True,
            from_on=dt.date(2020, 1, 1),
            reason="审核同意",
            decided_by="test",
        )
    assert SECRET["on_request"] in published.get("/d/small-asked/").content.decode()
    assert "small-asked" in published.get("/search?q=梧桐细雨").content.decode()
    with door.opened("fixture"):
        DatedValue.objects.update(from_on=dt.date(2999, 1, 1))
    assert SECRET["on_request"] not in published.get("/d/small-asked/").content.decode()


def test_versions_and_days(published: Published) -> None:
    old = published.documents["proactive"]
    with door.opened("fixture"):
        new = make_document(published.small, "proactive", version=2, replaces=old, in_force_from=dt.date(2023, 9, 1))
        new.text = new.text.replace("工作目标", "工作新目标")
        new.save()
        old.replaced_on = dt.date(2023, 9, 1)
        old.save()
    assert "工作新目标" in published.get("/d/small-open/").content.decode()
    assert "工作新目标" not in published.get("/d/small-open/?as_of=2023-08-31").content.decode()
    assert "工作新目标" in published.get("/d/small-open/?as_of=2023-09-01").content.decode()
    assert "工作新目标" not in published.get("/d/small-open/?version=1").content.decode()
    assert published.get("/d/small-open/?version=7").status_code == 404
    assert published.get("/d/small-open/?as_of=2023-13-01").status_code == 400
    assert published.get("/d/small-open/?as_of=2020-01-01").status_code == 404


def test_cited_documents_are_linked_when_here_and_listed_when_not(published: Published) -> None:
    words = published.get("/g/basis").content.decode()
    assert "《示范办法》（测府发〔2022〕7号）" in words
    with door.opened("fixture"):
        make_document(published.small, "proactive", code="small-model", title_zh="示范办法", number="测府发〔2022〕7号")
    assert 'href="/d/small-model/"' in published.get("/d/small-open/").content.decode()
    assert 'href="/d/small-model/"' in published.get("/g/basis").content.decode()


def test_the_feed_is_atom_and_carries_no_words(published: Published) -> None:
    root = etree.fromstring(published.get("/g/feed.xml").content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for entry in [root, *root.findall("a:entry", space)]:
        for needed in ("id", "title", "updated"):
            found = entry.findtext(f"a:{needed}", namespaces=space)
            assert found, needed
        dt.datetime.fromisoformat(entry.findtext("a:updated", namespaces=space))
    titles = [t.text for t in root.findall("a:entry/a:title", space)]
    assert len(titles) == 3 and not any("kept" in t for t in titles)
    assert "溪水长流" not in etree.tostring(root, encoding="unicode")


def test_looking_at_contacts_is_an_action_with_a_reason(published: Published) -> None:
    from luoshi.office.journal.models import Entry

    give_post(published.small, "disclosure", "office", "disclosure_officer")
    client = published.get("/d/small-open/", as_="disclosure").client
    give = {"request_id": "look-at-it-once", "reason": "核对投诉电话"}
    response = client.post("/d/small-open/contacts", give)
    assert response.status_code == 200 and "王小明" in response.content.decode()
    entry = Entry.objects.get(action="document.show_contacts")
    assert "核对投诉电话" in str(entry.content) and "王小明" not in str(entry.content)
    refused = client.post("/d/small-open/contacts", {**give, "request_id": "look-at-it-twice", "reason": ""})
    assert refused.status_code == 403 and "王小明" not in refused.content.decode()
    client.force_login(published.small.accounts["officer"])
    assert "王小明" not in client.post("/d/small-open/contacts", {**give, "request_id": "look-thrice"}).content.decode()


def test_the_chronicle_has_spans_same_day_marks_and_filters(published: Published) -> None:
    words = published.get("/g/chronicle").content.decode()
    assert "△ 同日" in words and "2023年4月30日（周日） – 2023年5月1日（周一）" in words
    assert "2023年第6次" in words
    narrowed = published.get("/g/chronicle?topic=演练").content.decode()
    assert "防汛演练" in narrowed and "春耕活动" not in narrowed
    placed = published.get("/g/chronicle?place=east").content.decode()
    assert "春耕活动" in placed and "防汛演练" not in placed
    assert "<mark>春耕</mark>活动" in published.get("/g/chronicle?q=春耕&year=2023&month=4").content.decode()
    assert "春耕活动" not in published.get("/g/chronicle?year=2022").content.decode()


def test_the_second_issue_of_the_same_year_has_its_own_page(published: Published) -> None:
    assert published.get("/g/2023/3/").status_code == 404
    assert Issue.objects.count() == 1


NOTICE = (
    "测试县人民政府\n关于印发《渠道方案》（试行）的通知\n\n各镇人民政府：\n\n为贯彻落实《open方案》，经县政府同意，"
    "现将《渠道方案》（试行）印发给你们，请认真贯彻执行。\n\n测试县人民政府\n\n2023年4月13日\n\n渠道方案\n（试行）\n\n"
    "一、总则\n本方案自印发之日起施行。\n附件1\n渠道名单\n东渠。\n"
)
TOLD = "《渠道方案》政策解读\n1. 执行范围\n测试县境内。\n2. 实施时间\n自2023年4月12日起施行。\n"


def with_notice(published: Published, notice: str = NOTICE) -> None:
    with door.opened("fixture"):
        row = make_document(
            published.small, "proactive", code="small-canal", title_zh="关于印发《渠道方案》（试行）的通知", number="",
            text=notice + TOLD, span_from=0, span_to=len(notice), interpretation_from=len(notice),
            interpretation_to=len(notice + TOLD),
        )  # fmt: skip
        row.clauses.all().delete()
        at = notice.index("一、总则")
        row.clauses.create(
            county=published.small.county, path="一", level=1, heading="总则", span_from=at, span_to=len(notice)
        )


@pytest.mark.clause("GAZ-N-5")
@pytest.mark.clause("GAZ-N-11")
@pytest.mark.clause("GAZ-P-5")
def test_a_document_shows_what_its_notice_and_interpretation_state(published: Published) -> None:
    with_notice(published)
    page = html.fromstring(published.get("/d/small-canal/").content)
    terms = {dt_.text_content().strip(): dt_.getnext() for dt_ in page.iter("dt")}
    assert "县政府" in terms["审批机关"].text_content()
    assert terms["贯彻或依据的文件"].find("a").get("href") == "/d/small-open/"
    assert "现将《渠道方案》（试行）印发给你们" in terms["印发用语"].text_content()
    assert "请认真贯彻执行" in terms["贯彻执行要求"].text_content()
    assert terms["附发文件"].find("a").get("href") == "/d/small-canal/c/一"
    assert "渠道方案（试行）" in terms["附发文件"].text_content()
    assert "附件1 渠道名单" in terms["附件"].text_content()
    assert "2023-04-13" in terms["实施时间"].text_content()
    assert "测试县境内" in terms["执行范围（解读）"].text_content()
    assert "解读的实施时间是2023-04-12，文件是2023-04-13" in page.text_content()


@pytest.mark.clause("GAZ-N-6")
def test_a_template_formula_is_offered_to_officers_only_where_none_is_printed(published: Published) -> None:
    give_post(published.small, "editor", "office", "editor")
    with_notice(published, NOTICE.replace("现将《渠道方案》（试行）印发给你们，", ""))
    offered = "经县政府同意，现将《渠道方案》（试行）印发给你们"
    assert offered in published.get("/d/small-canal/", as_="editor").content.decode()
    assert offered not in published.get("/d/small-canal/").content.decode()


@pytest.mark.clause("CHRON-0-8")
def test_the_chronicle_groups_participants_by_post(published: Published, client) -> None:  # type: ignore[no-untyped-def]
    page = html.fromstring(published.get("/g/chronicle").content)
    words = "".join(page.text_content().split())
    assert "县领导：县长" in words and "主办：县水务局" in words and "李大山" not in words
    client.cookies["luoshi_language"] = "en"
    assert "County leaders" in client.get("/g/chronicle").content.decode()
