import io
import re
import shutil
import threading
import time
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.documents.engine import typesetting
from zhengtong.capabilities.documents.engine.contents import content_of
from zhengtong.capabilities.documents.engine.papers import KEYWORD, render_paper
from zhengtong.capabilities.documents.engine.typesetting import FontChoice, MissingGlyphs, TypesettingError, render
from zhengtong.capabilities.documents.tests.papers import (
    AT,
    CODE,
    every_template,
    heading,
    licence_fields,
    receipt_fields,
    supplement_fields,
)
from zhengtong.capabilities.documents.tests.reading import opened, page_texts, qr_codes, text_of

LONG_NAME = "青禾县堃喆赟祎玥国际大型餐饮连锁管理股份有限公司青禾县第一分公司人民路旗舰店（个人独资）" * 2


def paper(template: str, fields: dict[str, object], **changes: object) -> bytes:
    return render_paper(template, heading=heading(**changes), content=content_of(template, fields)).pdf


@pytest.mark.parametrize("template", sorted(every_template()))
def test_every_template_is_pdf_a_with_embedded_fonts_and_says_what_it_must(template: str) -> None:
    pdf = paper(template, every_template()[template])

    text = text_of(pdf)
    for expected in (
        "食品经营许可证",
        "青禾县市场监督管理局",
        "2026年11月21日",
        "7KQM-4XTP-A3CX",
        "扫码或访问查验页核对真伪",
    ):
        assert expected in text
    with pikepdf.open(io.BytesIO(pdf)) as file:
        with file.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert KEYWORD + CODE in str(file.docinfo["/Keywords"])
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.parametrize("template", sorted(every_template()))
def test_the_qr_code_of_every_paper_leads_to_its_verification(template: str) -> None:
    pdf = paper(template, every_template()[template])

    last = len(page_texts(pdf)) - 1
    assert qr_codes(pdf, page=last) == [f"https://zw.qinghe.example/verify/{CODE}/"]


def test_the_digest_of_a_template_changes_with_everything_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(typesetting.TEMPLATES, folder)
    monkeypatch.setattr(typesetting, "TEMPLATES", folder)
    digest = typesetting.template_digest.__wrapped__  # what it has seen before is kept
    found = {digest("refusal")}

    for name in ("parts", "letter", "refusal"):
        changed = folder / f"{name}.typ"
        changed.write_text(changed.read_text(encoding="utf-8") + "\n// another layout\n", encoding="utf-8")
        found.add(digest("refusal"))

    assert len(found) == 4
    with pytest.raises(LookupError):
        digest("../engine/templates/refusal")


def test_rare_characters_of_names_are_printed() -> None:
    pdf = paper("licence", licence_fields(), holder="堃喆赟祎玥")

    assert text_of(pdf).count("堃喆赟祎玥") == 2


def test_a_character_without_a_shape_is_refused_and_named() -> None:
    with pytest.raises(MissingGlyphs) as caught:
        paper("licence", licence_fields(), holder="张😀\U0010fffd")

    assert caught.value.characters == "😀\U0010fffd"


def test_a_licence_with_long_contents_keeps_one_face_and_moves_the_rest_to_annex_pages() -> None:
    scope = "；".join(f"第{n}类预包装食品及散装食品销售" for n in range(1, 60))
    rows = [
        {"label": "经营范围", "value": scope},
        *({"label": f"登记项目{n}", "value": "青禾镇人民路128号"} for n in range(40)),
    ]

    pages = page_texts(paper("licence", licence_fields(rows=rows), holder=LONG_NAME))

    assert "附页" in pages[1]
    assert "2026年11月21日" in pages[0]
    assert "详见附页" in pages[0]
    assert scope in "".join(pages[1:])
    assert LONG_NAME in pages[0]
    for n in range(40):
        assert f"登记项目{n}" in "".join(pages)


def test_an_ordinary_licence_is_one_page() -> None:
    assert len(page_texts(paper("licence", licence_fields(), holder=LONG_NAME))) == 1


def test_thirty_missing_points_are_all_listed_and_the_head_repeats() -> None:
    pages = page_texts(paper("supplement_notice", supplement_fields(30)))

    whole = "".join(pages)
    assert [n for n in range(1, 31) if f"第{n}项材料" not in whole] == []
    assert len(pages) > 2
    assert all("需要补正的内容" in page for page in pages[:-1])
    assert "第1页共" + str(len(pages)) + "页" in pages[0]
    assert "2026年12月10日" in whole


@pytest.mark.parametrize("count", range(8, 31))
def test_no_page_holds_only_the_signature(count: int) -> None:
    pages = page_texts(paper("receipt", {**receipt_fields(count), "notes": ["请妥善保管本回执。"]}))

    assert "请妥善保管本回执。" in pages[-1]
    assert "青禾县市场监督管理局" in pages[-1]


def test_the_seal_place_lies_over_the_date_of_the_last_page() -> None:
    rendered = render_paper(
        "supplement_notice", heading=heading(), content=content_of("supplement_notice", supplement_fields(30))
    )

    assert rendered.seal_place is not None
    assert rendered.seal_place.page == len(page_texts(rendered.pdf))
    x, y = rendered.seal_place.centre_points()
    with opened(rendered.pdf) as document:
        page = document[rendered.seal_place.page - 1].get_textpage()
        found = page.search("2026年11月21日").get_next()
        assert found is not None
        left, bottom, _, top = page.get_charbox(found[0])
    assert abs(y - (bottom + top) / 2) < 42
    assert left < x < left + 160


def test_equal_data_give_equal_bytes() -> None:
    assert paper("licence", licence_fields()) == paper("licence", licence_fields())


def test_a_paper_after_another_shows_nothing_of_it() -> None:
    paper("licence", licence_fields(), holder="王五餐饮店")

    assert "王五" not in text_of(paper("licence", licence_fields(), holder="赵六餐饮店"))


SIGNS = "#$[]\\\"'*_`<>@/=-+~{}()&%^|;:,.!? 店a1"
NASTY = st.text(alphabet=SIGNS, min_size=1, max_size=40).map(lambda text: f"张{text.strip()}李")


@settings(max_examples=60, deadline=None)
@given(name=NASTY)
def test_nothing_typed_is_read_as_markup(name: str) -> None:
    pdf = paper("receipt", {**receipt_fields(1), "item": name}, holder=name)

    expected = "".join(name.split())
    assert text_of(pdf).count(expected) >= 3


@pytest.mark.parametrize(
    "name",
    [
        "#read(\"/etc/passwd\")", "#panic()", "#sys.inputs", "$x^2$", "[a](b)", "\\u{41}",
        "*粗*", "_斜_", "`代码`", "<标签>",
        "@引用", "= 标题", "- 项", "https://a.example/b", "//注释", "/*注释*/", "~", "---", "...", "'a' \"b\"",
    ],
)  # fmt: skip
def test_known_markup_prints_literally(name: str) -> None:
    assert "".join(name.split()) in text_of(paper("licence", licence_fields(), holder=name))


def test_control_and_direction_marks_are_left_out() -> None:
    assert "张三李四" in text_of(paper("licence", licence_fields(), holder="张\x00三\u202e李\x07四"))


def test_threads_share_a_compiler_without_mixing_papers() -> None:
    wrong: list[str] = []

    def work(name: str) -> None:
        papers = [paper("licence", licence_fields(), holder=name) for _ in range(5)]
        wrong.extend(name for pdf in papers if name not in text_of_locked(pdf))

    reading = threading.Lock()  # pdfium itself is not thread-safe

    def text_of_locked(pdf: bytes) -> str:
        with reading:
            return text_of(pdf)

    threads = [threading.Thread(target=work, args=(f"第{n}餐饮店",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_kept_compiler_sets_a_paper_in_a_blink() -> None:
    paper("licence", licence_fields())

    fastest = min(_seconds() for _ in range(5))

    assert fastest < 0.5


def _seconds() -> float:
    start = time.perf_counter()
    paper("licence", licence_fields())
    return time.perf_counter() - start


def test_an_unknown_template_and_paths_are_refused() -> None:
    for name in ("nothing", "../templates/licence", "/etc/passwd", ""):
        with pytest.raises(LookupError):
            render(name, {}, at=AT)


def test_a_font_choice_of_which_nothing_is_installed_is_refused() -> None:
    with pytest.raises(TypesettingError, match="serif"):
        render("licence", {}, at=AT, fonts=FontChoice(serif=("没有的字体",)))


def test_fonts_wanted_but_not_installed_are_passed_over() -> None:
    choice = FontChoice(serif=("方正小标宋简体", *FontChoice().serif))

    rendered = render_paper("licence", heading=heading(), content=content_of("licence", licence_fields()), fonts=choice)

    assert re.search("食品经营许可证", text_of(rendered.pdf))
