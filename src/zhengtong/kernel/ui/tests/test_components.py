"""Every component prints its sample data, escapes what it is given, and keeps to the content policy."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Engine, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html

from zhengtong.kernel.paging import Page
from zhengtong.kernel.ui import gallery
from zhengtong.kernel.ui.clock_bar import cells_of
from zhengtong.kernel.ui.lamps import lamp_of
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.kernel.ui.templatetags.ui import register
from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE, large_print

UI = Path(__file__).parents[1]
PACKAGE = UI.parents[1]
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
EVIL = '<b onclick="x()">\'&"'


def page(address: str = "/list/?state=red&page=2") -> HttpRequest:
    return RequestFactory().get(address)


def render(source: str, request: HttpRequest | None = None, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context({"request": request or page(), **context}))


def tree(source: str, request: HttpRequest | None = None, **context: Any) -> html.HtmlElement:
    return html.fragment_fromstring(render(source, request, **context), create_parent="div")


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def gallery_page(side: str) -> str:
    context = {"base": f"ui/base_{side}.html", "side": side, "portal_name": "示例门户", **gallery.samples()}
    return render_to_string("ui/gallery.html", context, page("/ui/"))


@pytest.mark.parametrize("side", ["public", "desk"])
def test_the_gallery_shows_every_component_and_keeps_the_content_policy(side: str) -> None:
    document = html.document_fromstring(gallery_page(side))

    for name in ("clock", "steps", "receipt", "seal", "materials", "opinions", "timeline", "table", "ranked", "filter"):
        assert document.find_class(f"zt-{name}"), name
    for name in ("tile", "news", "searchbox", "confirm", "empty", "pages", "figure", "notice", "progress", "autosave"):
        assert document.find_class(f"zt-{name}"), name
    assert not document.xpath("//@style")
    assert not document.xpath("//@*[starts-with(name(), 'on')]")
    assert not document.xpath("//script[not(@src)] | //style")


@pytest.mark.parametrize("side", ["public", "desk"])
def test_ids_are_unique_and_every_control_has_a_label(side: str) -> None:
    document = html.document_fromstring(gallery_page(side))

    ids = document.xpath("//@id")
    labelled = set(document.xpath("//label/@for"))
    controls = document.xpath("//input[not(@type='hidden')]/@id | //select/@id | //textarea/@id")

    assert len(ids) == len(set(ids))
    assert set(controls) <= labelled
    described = " ".join(document.xpath("//@aria-describedby")).split()
    assert set(described) <= set(ids)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_carries_inline_style_handlers_or_scripts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<[^>]*\sstyle\s*=", text)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", text)
    assert not re.search(r"<style\b", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    assert all("alt=" in tag for tag in re.findall(r"<img\b[^>]*>", text))
    assert not re.search(r"""(src|href)=["'](https?:)?//""", text), "third-party host"


@pytest.mark.parametrize("path", sorted((UI / "static" / "ui").glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_small_and_write_no_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 60
    assert "innerHTML" not in text
    assert "eval(" not in text


def test_every_tag_is_explained_in_the_readme() -> None:
    readme = (UI / "README.md").read_text(encoding="utf-8")

    missing = [name for name in [*register.tags, *register.filters] if f"{name}" not in readme]

    assert not missing


def test_every_template_of_the_set_compiles() -> None:
    engine = Engine.get_default()

    for path in (UI / "templates").rglob("*.html"):
        assert engine.get_template(str(path.relative_to(UI / "templates")))


@pytest.mark.parametrize(
    "source",
    [
        "{% section_title x more_url=x note=x %}",
        "{% news_list items %}",
        "{% service_tile title=x url=x note=x meta=x %}",
        "{% search_box value=x hint=x label=x hot=items %}",
        "{% step_list items %}",
        "{% lamp 'red' label=x note=x %}",
        "{% receipt_card number=x code=x title=x qr_svg=x rows=items note=x %}",
        "{% opinion_thread items %}",
        "{% material_list items %}",
        "{% file_upload name=x label=x allowed=x accept=x help_text=x error=x %}",
        "{% form_field name=x label=x value=x help_text=x error=x %}",
        "{% form_field name=x label=x value=x kind='textarea' %}",
        "{% error_summary items %}",
        "{% filter_bar items total=x %}",
        "{% tab_links items label=x %}",
        "{% data_table columns items caption=x total=x export_url=x %}",
        "{% empty_state title=x why=x act_label=x act_url=x %}",
        "{% confirm_reason action=x title=x consequence=x confirm_label=x error=x value=x %}",
        "{% seal_badge 'valid' title=x text=x rows=items %}",
        "{% time_line items %}",
        "{% ranked_bar items caption=x unit=x %}",
        "{% notice x title=x act_label=x act_url=x %}",
        "{% facts items %}",
        "{% figure x label=x unit=x note=x url=x %}",
        "{% breadcrumb items %}",
        "{% progress items %}",
    ],
)
def test_what_is_given_is_escaped(source: str) -> None:
    keys = (
        "title",
        "label",
        "name",
        "who",
        "unit",
        "post",
        "text",
        "note",
        "reason",
        "url",
        "href",
        "tag",
        "state_label",
    )
    item = {**dict.fromkeys(keys, EVIL), "value": 3, "state": "todo", "day": dt.date(2026, 11, 21), "verdict": "agree"}

    printed = render(source, x=EVIL, items=[item], columns=[{"key": "title", "label": EVIL}])

    assert "&lt;b" in printed
    assert "<b onclick" not in printed
    assert not html.fragment_fromstring(printed, create_parent="div").xpath("//@onclick")


@pytest.mark.parametrize(
    ("state", "shape", "word"),
    [("green", "●", "正常"), ("due_soon", "▲", "临期"), ("red", "■", "超期"), ("statutory_breach", "◆", "违法定时限")],
)
def test_a_lamp_has_colour_shape_and_word(state: str, shape: str, word: str) -> None:
    lamp = tree("{% lamp state %}", state=state)

    assert words(lamp) == f"{shape} {word}"
    assert lamp.find_class(f"zt-lamp-{lamp_of(state).key}")
    assert lamp.xpath("//*[@aria-hidden='true']")[0].text_content() == shape


def test_an_unknown_lamp_claims_nothing() -> None:
    assert "不计时" in words(tree("{% lamp 'purple' %}"))


def test_the_clock_tells_each_day_in_words() -> None:
    first = dt.date(2026, 11, 27)
    states = ("counted", "paused", "holiday", "remaining", "overdue")
    days = [{"day": first + dt.timedelta(days=n), "state": state} for n, state in enumerate(states)]
    days[0]["today"] = True
    days[3]["due"] = True

    spoken = [words(item) for item in tree("{% clock days %}", days=days).xpath("//li/span[@class='visually-hidden']")]

    assert spoken[0] == "2026年11月27日，今天，已计入"
    assert spoken[1] == "11月28日，暂停，不计入"
    assert spoken[2] == "11月29日，休息日，不计入"
    assert spoken[3] == "11月30日，截止，剩余"
    assert spoken[4] == "12月1日，超过期限"


def test_the_clock_names_the_month_where_it_begins() -> None:
    cells = cells_of([{"day": dt.date(2026, 11, 29) + dt.timedelta(days=n), "state": "remaining"} for n in range(3)])

    assert [cell.month for cell in cells] == ["11月", "", "12月"]


def test_the_clock_refuses_an_unknown_state() -> None:
    with pytest.raises(ValueError, match="sleeping"):
        cells_of([{"day": dt.date(2026, 11, 29), "state": "sleeping"}])


def test_steps_say_who_is_waited_for_and_mark_the_current_one() -> None:
    steps = [
        {"label": "提交", "state": "done"},
        {"label": "补齐", "state": "current", "waiting": "you"},
        {"label": "领证", "state": "todo"},
    ]

    items = tree("{% step_list steps %}", steps=steps).xpath("//li")

    assert [item.get("aria-current") for item in items] == [None, "step", None]
    assert "已完成" in words(items[0])
    assert "等您办理" in words(items[1])
    assert "尚未开始" in words(items[2])


def test_a_receipt_prints_only_an_image_marked_safe() -> None:
    source = "{% receipt_card number='980723261116' code='K7MQ3TXA' qr_svg=svg %}"

    safe, unsafe = tree(source, svg=qr_svg("x")), tree(source, svg="<svg></svg>")

    assert "9807 2326 1116" in words(safe)
    assert "K7MQ 3TXA" in words(safe)
    assert safe.xpath("//*[@role='img']/*[local-name()='svg']")
    assert not unsafe.xpath("//*[local-name()='svg']")


def test_a_table_prints_values_by_kind_and_links_the_first_column() -> None:
    columns = [
        {"key": "number", "label": "编号", "kind": "code"},
        {"key": "fee", "label": "费用", "kind": "money"},
        {"key": "day", "label": "日期", "kind": "date"},
        {"key": "lamp", "label": "时限", "kind": "lamp"},
        {"key": "nothing", "label": "备注"},
    ]
    rows = [
        {
            "number": "98072326",
            "fee": 1250,
            "day": dt.date(2026, 11, 21),
            "lamp": {"state": "red", "note": "2 日"},
            "url": "/a/",
        }
    ]

    table = tree(
        "{% data_table columns rows caption='办件' totals=totals %}", columns=columns, rows=rows, totals={"fee": 9}
    )

    assert [words(cell) for cell in table.xpath("//tbody//td")] == [
        "9807 2326",
        "1,250.00 元",
        "2026年11月21日",
        "■ 超期2 日",
        "—",
    ]
    assert table.xpath("//tbody//td[1]/a/@href") == ["/a/"]
    assert words(table.xpath("//tfoot//td[2]")[0]) == "9.00 元"
    assert words(table.xpath("//caption")[0]) == "办件"


def test_a_sortable_column_turns_round_and_keeps_the_filters() -> None:
    columns = [{"key": "day", "label": "日期", "sortable": True}]
    source = "{% data_table columns rows caption='办件' %}"

    unsorted = tree(source, page("/?state=red&page=3"), columns=columns, rows=[{"day": "x"}])
    rising = tree(source, page("/?sort=day"), columns=columns, rows=[{"day": "x"}])

    assert unsorted.xpath("//th/a/@href") == ["?state=red&sort=day"]
    assert rising.xpath("//th/a/@href") == ["?sort=-day"]
    assert rising.xpath("//th/@aria-sort") == ["ascending"]


def test_an_empty_table_says_why() -> None:
    words_of_it = words(
        tree("{% data_table c r caption='x' empty=e %}", c=[], r=[], e={"title": "没有", "why": "今天休息"})
    )

    assert words_of_it == "没有 今天休息"


def test_filters_keep_what_the_address_says() -> None:
    filters = [
        {"name": "q", "label": "名称"},
        {"name": "state", "label": "时限", "type": "select", "options": [("", "全部"), ("red", "超期")]},
    ]

    bar = tree("{% filter_bar filters %}", page("/?q=面馆&state=red&sort=-day"), filters=filters)

    assert bar.xpath("//input[@name='q']/@value") == ["面馆"]
    assert bar.xpath("//option[@selected]/@value") == ["red"]
    assert bar.xpath("//input[@name='sort']/@value") == ["-day"]


def test_pages_keep_the_filters_and_leave_gaps() -> None:
    pages = tree("{% pagination p %}", p=Page(rows=[], number=5, size=10, total=200))

    assert words(pages.xpath("//ol")[0]) == "1 … 3 4 5 6 7 … 20"
    assert pages.xpath("//a[@rel='next']/@href") == ["?state=red&page=6"]
    assert words(pages.xpath("//*[@aria-current='page']")[0]) == "5"


def test_one_page_needs_no_page_links() -> None:
    assert render("{% pagination p %}", p=Page(rows=[], number=1, size=10, total=3)).strip() == ""


def test_bars_are_ranked_and_readable_without_seeing_them() -> None:
    bars = [{"label": "甲", "value": 1}, {"label": "乙", "value": 4, "lamp": "red", "note": "2 件"}]

    table = tree("{% ranked_bar bars caption='乙最多' %}", bars=bars)

    assert [words(head) for head in table.xpath("//tbody//th")] == ["乙", "甲"]
    assert table.xpath("//*[local-name()='rect']/@width") == ["100%", "25%"]
    assert "超期" in words(table.xpath("//tbody/tr[1]")[0])


def test_bars_of_zero_do_not_divide_by_zero() -> None:
    table = tree("{% ranked_bar bars caption='都没有' %}", bars=[{"label": "甲", "value": 0}])

    assert table.xpath("//*[local-name()='rect']/@width") == ["0%"]


def test_a_confirmation_asks_for_a_typed_reason() -> None:
    form = tree(
        "{% confirm_reason action='/x/' title='撤销' consequence='不能恢复' confirm_label='撤销' hidden=h %}",
        h={"case": "7"},
    )

    reason = form.xpath("//textarea[@name='reason']")[0]
    assert reason.get("required") is not None
    assert reason.get("minlength") == "5"
    assert form.xpath("//input[@name='case']/@value") == ["7"]
    assert form.xpath("//form/@method") == ["post"]


def test_an_unknown_seal_state_is_not_shown_as_valid() -> None:
    badge = tree("{% seal_badge 'strange' %}")

    assert badge.find_class("zt-seal-unknown")
    assert "无法判断" in words(badge)


def test_large_print_is_remembered_and_goes_back_only_inside() -> None:
    on = large_print(page("/large-print/?on=1&next=/guide/"))
    off = large_print(page("/large-print/?on=0&next=https://example.test/"))

    assert on.cookies[LARGE_PRINT_COOKIE].value == "1"
    assert on["Location"] == "/guide/"
    assert off.cookies[LARGE_PRINT_COOKIE].value == ""
    assert off["Location"] == "/"


def test_the_footer_prints_only_what_is_set() -> None:
    bare = render_to_string("ui/base_public.html", {"portal_name": "示例门户"}, page())
    full = render_to_string("ui/base_public.html", {"icp": "示ICP备0号", "identity_code": "9807230001"}, page())

    assert "标识码" not in bare
    assert "网站标识码：9807230001" in full
    assert 'name="SiteIDCode" content="9807230001"' in full
    assert "示ICP备0号" in full


def test_the_error_page_shows_sentence_and_number() -> None:
    printed = render_to_string("ui/error.html", {"status": 500, "message": EVIL, "number": "A7K2"}, page())

    assert "系统出了问题" in printed
    assert "A7K2" in printed
    assert EVIL not in printed
