"""Readers of old sites and the cleaner, without a database: structure stays, what is hostile or broken is said."""

import datetime as dt
import os
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from zhengtong.systems.sites.engine.old_site import holdings, tables, warc, wxr
from zhengtong.systems.sites.engine.old_site.addresses import canonical, joined, key_of
from zhengtong.systems.sites.engine.old_site.coding import NotText, decode
from zhengtong.systems.sites.engine.old_site.crawl import address_of, read_crawl
from zhengtong.systems.sites.engine.old_site.days import day_in
from zhengtong.systems.sites.engine.old_site.html_text import clean
from zhengtong.systems.sites.engine.old_site.pages import Held, Moved, OldPage, Unreadable
from zhengtong.systems.sites.engine.old_site.picking import Picker
from zhengtong.systems.sites.engine.old_site.selector_rules import SelectorRules, rules_of
from zhengtong.systems.sites.rules.migrating import ends_of
from zhengtong.systems.sites.tests import old_site as old

_PICKER = Picker(rules_of(old.RULES))


def test_structure_stays_and_looks_go():
    read = clean(
        '<div onclick="x()"><script>alert(1)</script><h1>一、总则</h1>　　各单位：<br><p>请<b>认真<i>落实</i></b>，见'
        '<a href="/a.asp?id=1">通知</a>，<a href="javascript:x">坏</a></p><ul><li>甲<ul><li>乙</li></ul></li></ul>'
        "<ol><li>丙</li></ol><table><tr><th>单位<th colspan=2>电话</tr><tr><td rowspan=2>水利局<td>1<td>2</tr>"
        '<tr><td>3<td><a href="f.pdf">附件</a></table><img src="a.jpg" alt="图"><img src=x.gif width=1>'
        '<img src="http://hm.baidu.com/h.gif"><p style="display: none">藏</p><iframe src=x></iframe>'
        "<table><tr><td>只是<p>版面</p></td></tr></table></div>",
        "http://www.x.gov.cn/news/1.html",
    )

    assert read.parts == (
        (
            "text",
            (
                "<h2>一、总则</h2><p>各单位：</p><p>请<b>认真<i>落实</i></b>，见"
                '<a href="http://www.x.gov.cn/a.asp?id=1">通知</a>，坏</p>'
                "<ul><li>甲</li><li>乙</li></ul><ol><li>丙</li></ol>"
            ),
        ),
        ("table", ["单位\t电话\t", "水利局\t1\t2", "\t3\t附件"]),
        ("text", '<p><a href="http://www.x.gov.cn/news/f.pdf">附件</a></p>'),
        ("picture", ("http://www.x.gov.cn/news/a.jpg", "图")),
        ("text", "<p>只是</p><p>版面</p>"),
    )
    assert read.dropped == {"scripts": 2, "trackers": 2, "hidden": 1, "frames": 1}


_SIGNS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
_TAGS = st.sampled_from(
    [
        "p",
        "div",
        "b",
        "i",
        "a",
        "li",
        "ul",
        "ol",
        "table",
        "tr",
        "td",
        "h1",
        "h3",
        "img",
        "script",
        "style",
        "svg",
        "iframe",
        "br",
        "hr",
        "font",
        "blockquote",
    ]
)
_PIECES = st.lists(
    st.one_of(
        _SIGNS,
        _TAGS.map(lambda tag: f"<{tag}>"),
        _TAGS.map(lambda tag: f"</{tag}>"),
        st.sampled_from(
            ['<a href="javascript:x">', '<img src=x onerror="y">', "<a href='/b\"c'>", "<!--", "-->", "<![CDATA["]
        ),
    ),
    max_size=25,
)


@given(_PIECES)
def test_nothing_but_our_own_marks_comes_out_of_any_page(pieces):
    for kind, value in clean("".join(pieces), "http://www.x.gov.cn/").parts:
        if kind != "text":
            continue
        root = html.fragment_fromstring(value, create_parent="div")
        for one in root.iter():
            assert one.tag in {"div", "p", "h2", "h3", "ul", "ol", "li", "b", "i", "a", "hr"}
            assert set(one.attrib) <= {"href"}
            assert one.get("href", "http://").startswith(("http://", "https://", "mailto:"))
        # every mark is closed where it was opened
        assert html.tostring(root, encoding="unicode", method="xml")[5:-6].replace("<hr/>", "") == value.replace(
            "<hr/>", ""
        )


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 50_000 + "深", "<p>x</p>" * 1_000_000],
)
def test_bombs_of_marks_are_refused(markup):
    with pytest.raises(ValueError, match="page"):
        clean(markup)


def test_tables_of_any_width_lose_no_words():
    wide = "<table><tr>" + "".join(f"<td>第{n}格</td>" for n in range(25)) + "</tr></table>"
    long = "<table>" + "".join(f"<tr><td>第{n}行</td><td>x</td></tr>" for n in range(700)) + "</table>"

    assert "第24格" in clean(wide).parts[0][1]
    tables_of = [value for kind, value in clean(long).parts if kind == "table"]
    assert [len(one) for one in tables_of] == [300, 300, 102]
    assert tables_of[2][-1] == "第699行\tx"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("县政府办公室关于开展工作的通知".encode("gb18030"), "text/html; charset=gb2312"),
        ("縣政府辦公室關於開展工作的通知".encode("big5hkscs"), ""),
        ("縣政府辦公室關於開展工作的通知".encode("big5hkscs"), "charset=gb2312"),
        ("县政府办公室关于开展工作的通知".encode("gb18030"), "charset=utf-8"),
        ("县政府办公室关于开展工作的通知".encode("gb18030"), "charset=hex"),
        (b"\xef\xbb\xbf" + "县政府".encode(), "charset=gb2312"),
        (b'<meta charset="gb2312">' + "县政府办公室关于工作".encode(), ""),
        ("县政府办公室关于开展工作的通知，".encode("gb18030") * 9 + b"\xff", ""),
    ],
)
def test_letters_are_found_also_where_the_page_says_others(content, said):
    assert "政府" in decode(content, said)


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, b"\x00\x01\x02\xff" * 50])
def test_what_is_no_text_is_said(content):
    with pytest.raises(NotText):
        decode(content)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("发布时间：2019-3-5 10:20", (2019, 3, 5)),
        ("2019年03月05日", (2019, 3, 5)),
        ("20190305", (2019, 3, 5)),
        ("二〇一九年十二月三十一日", (2019, 12, 31)),
        ("2019.02.30 更正为 2019.03.01", (2019, 3, 1)),
        ("05/03/2019", (2019, 3, 5)),
        ("2019-02-30", None),
        ("昨天", None),
        ("9999-99-99", None),
        ("", None),
    ],
)
def test_days_as_they_are_printed(text, day):
    assert day_in(text, ("%d/%m/%Y",)) == (dt.date(*day) if day else None)


def test_one_address_has_one_form():
    forms = (
        "http://www.x.gov.cn/a/show.asp?b=2&id=1&utm_source=q",
        "https://x/a/show.asp?id=1&b=2#top",
        "/a//show.asp;jsessionid=9?id=1&b=2",
    )
    assert {canonical(one) for one in forms} == {"/a/show.asp?b=2&id=1"}
    assert canonical("/a/index.html") == canonical("/a/") == canonical("/a") == "/a"
    assert canonical("/a/index.asp?id=1") != canonical("/a")
    assert canonical("/A") != canonical("/a")
    assert canonical("javascript:x") == canonical("ftp://x/a") == ""
    assert key_of("/" + "x" * 3000) == ""
    assert joined("http://x.cn/a/b.html", "../c.pdf") == "http://x.cn/c.pdf"
    assert [
        joined("http://x.cn/", one) for one in ("javascript:x", "data:text/html,x", "java\nscript:x", "http://u:p@x/")
    ] == [""] * 4


@given(st.text(max_size=40))
def test_any_address_has_a_form_that_is_its_own(text):
    one = canonical(f"http://x/{text}")

    assert canonical(one) == one


def test_circles_of_moves_end_nowhere():
    assert ends_of({"a": "b", "b": "c", "x": "y", "y": "x", "z": "x", "s": "s"}) == {
        "a": "c", "b": "c", "x": "", "y": "", "z": "", "s": "",
    }  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_is_read_from_any_place_and_told_where_it_is_cut(tmp_path, packed):
    records = [(f"/news/{n}.asp?id={n}", "text/html", old.page(f"第{n}则").encode()) for n in range(4)]
    path = old.warc(
        tmp_path / "a.warc", *records, ("/m", "301 /n", b""), ("/a.jpg", "image/jpeg", os.urandom(9000)), packed=packed
    )

    found = list(warc.read_warc([path], _PICKER))

    assert [type(one) for _place, one in found] == [OldPage] * 4 + [Moved, Held]
    assert list(warc.read_warc([path], _PICKER, start=found[2][0])) == found[2:]
    held = found[-1][1]
    assert len(warc.read_held([path], held, 10_000)) == 9000
    with pytest.raises(holdings.Refused, match="超过"):
        warc.read_held([path], held, 100)
    whole = path.read_bytes()
    for cut in (found[2][0] + 40, *range(found[-1][0] + 10, found[-1][0] + 400, 3), len(whole) - 500, len(whole) - 9):
        path.write_bytes(whole[:cut])
        rest = list(warc.read_warc([path], _PICKER))
        assert rest[:-1] == [one for one in found if one[0] < rest[-1][0]]
        assert "断开" in rest[-1][1].gone
    for nothing in (b"", b"hello world " * 100, b"\x1f\x8b" + b"x" * 100):
        path.write_bytes(nothing)
        with pytest.raises(Unreadable, match="不是网页存档"):
            list(warc.read_warc([path], _PICKER))


def test_a_crawl_gives_addresses_back_and_refuses_what_is_hostile(tmp_path):
    folder = tmp_path / "mirror"
    (folder / "www.x.gov.cn" / "news").mkdir(parents=True)
    inside = folder / "www.x.gov.cn" / "news"
    (inside / "show.asp?id=12.html").write_text(old.page("带参数"), encoding="utf-8")
    (inside / "b.html").write_bytes(b"<html>" + b"\xff\xfe\xfd" * 400)
    (inside / "big.html").write_bytes(b"<html>" + b"x" * (5 << 20))
    (tmp_path / "secret.html").write_text(old.page("秘密"), encoding="utf-8")
    (inside / "link.html").symlink_to(tmp_path / "secret.html")

    found = {
        one.address: one for _place, one in read_crawl(holdings.Folder(folder), Picker(SelectorRules(body="#text")))
    }

    assert found["http://www.x.gov.cn/news/show.asp?id=12"].title == "带参数"
    assert "编码无法识别" in found["http://www.x.gov.cn/news/b.html"].gone
    assert "超过 5 MB" in found["http://www.x.gov.cn/news/big.html"].gone
    assert "链接" in found["http://www.x.gov.cn/news/link.html"].gone
    assert address_of("a/b.html", "www.y.cn") == "http://www.y.cn/a/b.html"


def test_a_zip_is_read_under_limits(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/x.html", old.page())
        archive.writestr("bomb.html", b"<html>" + b"\0" * (4 << 20))
        archive.writestr("good.html", old.page("好的"))
        link = zipfile.ZipInfo("link.html")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    held = holdings.Zip(path)
    found = dict.fromkeys(held.names(), held)

    assert b"html" in held.read("good.html", 1 << 20)
    for name, words in (("../../etc/x.html", "之外"), ("bomb.html", "炸弹"), ("link.html", "之外"), ("none", "没有")):
        with pytest.raises(holdings.Refused, match=words):
            held.read(name, 50 << 20)
    with pytest.raises(holdings.Refused, match="超过"):
        held.read("good.html", 10)
    assert holdings.Found(held).name_of("http://x.cn/../good.html") in {"", "good.html"}
    assert len(found) == 4


def test_tables_with_dates_bombs_and_missing_headings(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["编号", "标题", "发布日期", "正文", "附件"])
    book.active.append([7, "标题", dt.date(2018, 7, 1), "一\n二", "a.pdf；b.pdf"])
    path = tmp_path / "a.xlsx"
    book.save(path)

    [(number, page)] = tables.read_xlsx(path)

    assert (number, page.address, page.day, page.html) == (2, "record:7", "2018-07-01", "<p>一</p><p>二</p>")
    assert page.attachments == (("a.pdf", "a.pdf"), ("b.pdf", "b.pdf"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (8 << 20))
    with pytest.raises(Unreadable, match="炸弹"):
        list(tables.read_xlsx(path))
    (tmp_path / "a.csv").write_bytes("標題,日期\n縣政府關於工作的通知,2018-1-1\n".encode("big5"))
    with pytest.raises(Unreadable, match="缺少这些列"):
        list(tables.read_csv(tmp_path / "a.csv"))
    (tmp_path / "a.csv").write_bytes(b"title,date,body\nx,2018-1-1," + b"y" * (6 << 20))
    with pytest.raises(Unreadable, match="超过 5 MB"):
        list(tables.read_csv(tmp_path / "a.csv"))


_WXR = """<?xml version="1.0"?>{doctype}<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{items}
</channel></rss>"""
_ITEM = """<item><title>{title}</title><link>http://b.cn/?p={n}</link><dc:creator>编辑甲</dc:creator>
<content:encoded><![CDATA[[caption id="1"]第一段

第二段]]></content:encoded><category domain="category">通知</category><wp:post_date>2017-05-01 08:00:00</wp:post_date>
<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type></item>"""


def test_an_export_of_wordpress_gives_what_was_public(tmp_path):
    kinds = [("公开", "publish", "post"), ("草稿", "draft", "post"), ("图", "inherit", "attachment")]
    items = "".join(
        _ITEM.format(title=title, n=n, status=status, kind=kind) for n, (title, status, kind) in enumerate(kinds)
    )
    path = tmp_path / "a.xml"
    path.write_text(_WXR.format(doctype="", items=items), encoding="utf-8")

    (_one, first), (_two, second) = wxr.read_wxr(path)

    assert (first.title, first.day, first.column, first.html) == (
        "公开", "2017-05-01 08:00:00", "通知", "<p>第一段</p><p>第二段</p>",
    )  # fmt: skip
    assert "没有公开" in second.gone
    assert [number for number, _page in wxr.read_wxr(path, start=2)] == [2]
    path.write_bytes(path.read_bytes()[:-200])
    assert "断开" in list(wxr.read_wxr(path))[-1][1].gone
    attack = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    path.write_text(
        _WXR.format(doctype=attack, items=_ITEM.format(title="&a;", n=1, status="publish", kind="post")),
        encoding="utf-8",
    )
    assert "root:" not in str(list(wxr.read_wxr(path)))


def test_a_file_of_any_length_in_an_archive_fills_no_memory(tmp_path):
    long = ("/video.mp4", "video/mp4", bytes(48 << 20))
    path = old.warc(tmp_path / "a.warc.gz", long, ("/news/1.html", "text/html", old.page().encode()))
    tracemalloc.start()
    try:
        found = [one for _place, one in warc.read_warc([path], _PICKER)]
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [type(one) for one in found] == [Held, OldPage]
    assert most < 24 << 20
