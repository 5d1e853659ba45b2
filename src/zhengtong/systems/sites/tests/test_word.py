"""Texts of Word and WPS: structure stays, rubbish goes, what is hostile is refused with a sentence."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.kernel.errors import Invalid
from zhengtong.systems.sites.engine import word_text
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.services.word import read_word
from zhengtong.systems.sites.tests import group as town

_STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="3"><w:name w:val="标题 3"/></w:style></w:styles>'
)
_NUMBERS = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    "</w:numbering>"
)
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def _p(words, *, style="", number="", run=""):
    looks = f'<w:pStyle w:val="{style}"/>' if style else ""
    looks += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return f"<w:p><w:pPr>{looks}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{words}</w:t></w:r></w:p>"


def _rels(target, kind=_HYPERLINK, mode="External"):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def _word(body, **parts):
    return town.docx(body, word__styles_x_xml=_STYLES, word__numbering_x_xml=_NUMBERS, **parts)


def test_structure_stays_and_looks_go():
    table = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>"
    link = '<w:p><w:hyperlink r:id="rId9"><w:r><w:t>县政府</w:t></w:r></w:hyperlink></w:p>'
    body = (
        _p("关于防汛的通知", style="T")
        + _p("一、总体要求", style="1")
        + _p("各乡镇 &lt;注意&gt;", run='<w:b/><w:color w:val="FF0000"/>')
        + _p("第一项", number="1")
        + _p("第二项", number="1")
        + _p("圆点", number="2")
        + _p("（一）分工", style="3")
        + table.format(_p("单位"), _p("电话"), _p("水利局"), _p("见") + _p("官网"))
        + link
        + _p("看不见", run="<w:vanish/>")
        + "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:r><w:drawing/></w:r></w:p>"
    )

    read = read_word("防汛.docx", _word(body, word___rels__document_x_xml_x_rels=_rels("https://www.gov.cn/"))).text

    assert read.title == "关于防汛的通知"
    assert read.parts == (
        (
            "text",
            (
                "<h2>一、总体要求</h2><p><b>各乡镇 &lt;注意&gt;</b></p><ol><li>第一项</li><li>第二项</li></ol>"
                "<ul><li>圆点</li></ul><h3>（一）分工</h3>"
            ),
        ),
        ("table", ["单位\t电话", "水利局\t见 官网"]),
        ("text", '<p><a href="https://www.gov.cn/">县政府</a></p>'),
    )
    assert read.pictures == 1


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//x"])
def test_links_that_are_none_lose_their_address(target):
    body = '<w:p><w:hyperlink r:id="rId9"><w:r><w:t>点我</w:t></w:r></w:hyperlink></w:p>'

    read = read_word("a.docx", _word(body, word___rels__document_x_xml_x_rels=_rels(target))).text

    assert read.parts == (("text", "<p>点我</p>"),)


_TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: _word(_p("x"), word__vbaProject_x_bin=b"x"), "宏"),
        (
            lambda: _word(_p("x"), word___rels__settings_x_xml_x_rels=_rels("http://x/t.dotm", _TEMPLATE)),
            "到别处取内容",
        ),
        (lambda: _word(_p("x"), word__big_x_xml=b" " * 60_000_000), "过大"),
        (lambda: _word(_p("x"), **{f"p{no}": b"" for no in range(2_100)}), "过大"),
        (lambda: _word(_p("x"), **{"..__etc__cron": b"x"}), "已损坏"),
        (lambda: town.docx("</w:body>"), "已损坏"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版或加密"),
        (lambda: _word(""), "没有读到文字"),
        (lambda: b"hello", "不是可接收的类型"),
    ],
)
def test_what_is_hostile_or_no_text_is_refused_with_a_sentence(content, words):
    with pytest.raises(Invalid, match=words):
        read_word("a.docx", content())


def test_entities_are_not_followed():
    attack = (
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
    )
    with pytest.raises(Invalid, match="已损坏"):
        read_word("a.docx", _replaced(attack))


def _replaced(document):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    return out.getvalue()


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20), max_size=8))
def test_no_words_of_a_text_become_marks(words):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = etree.Element(f"{{{w}}}document")
    body = etree.SubElement(document, f"{{{w}}}body")
    for one in words:
        run = etree.SubElement(etree.SubElement(body, f"{{{w}}}p"), f"{{{w}}}r")
        etree.SubElement(run, f"{{{w}}}t").text = one

    read = word_text.read(document)

    text = "".join(value for _kind, value in read.parts)
    assert text.count("<") == 2 * text.count("<p>")


@pytest.mark.django_db
def test_an_officer_brings_in_a_text_and_goes_on_writing(sites, editor):
    browser = people.sign_in(Client(), editor)
    column = town.column(sites["g22"])
    upload = io.BytesIO(_word(_p("防汛通知", style="T") + _p("正文第一段") + "<w:p><w:r><w:drawing/></w:r></w:p>"))
    upload.name = "防汛.docx"

    answer = browser.post(reverse("sites_desk:word"), {"column": column.pk, "file": upload}, follow=True)

    page = ArticlePage.objects.child_of(column).get()
    assert answer.redirect_chain == [(reverse("wagtailadmin_pages:edit", args=[page.pk]), 302)]
    assert "1 张图片没有带入" in answer.content.decode()
    assert (page.title, page.live, page.latest_revision.user_id) == ("防汛通知", False, page.owner_id)
    assert "正文第一段" in str(page.get_latest_revision_as_object().body)
    assert Client().get(page.relative_address()).status_code == 404


@pytest.mark.django_db
def test_nothing_is_brought_into_the_column_of_another_site(sites, editor):
    browser = people.sign_in(Client(), editor)
    upload = io.BytesIO(_word(_p("塞进来的")))
    upload.name = "a.docx"
    other = town.column(sites["g08"])

    answer = browser.post(reverse("sites_desk:word"), {"column": other.pk, "file": upload})

    assert answer.status_code == 422
    assert f'value="{other.pk}"' not in answer.content.decode()
    assert not ArticlePage.objects.exists()
