"""The OFD that our writer makes of a paper, judged by two other readers: ofdkit, and a renderer written for this."""

import datetime as dt
import functools
import io
import uuid
import zipfile

import ofdkit
import pytest
import typst
import zxingcpp
from lxml import etree
from PIL import Image, ImageChops, ImageFilter, ImageFont, ImageStat

from zhengtong.capabilities.documents.engine.contents import content_of
from zhengtong.capabilities.documents.engine.ofd.drawing import NotConvertible
from zhengtong.capabilities.documents.engine.ofd.writing import Description, pdf_to_ofd
from zhengtong.capabilities.documents.engine.papers import render_paper
from zhengtong.capabilities.documents.tests import ofd_drawing
from zhengtong.capabilities.documents.tests.papers import every_template, heading
from zhengtong.capabilities.documents.tests.reading import opened, page_texts

DESCRIBED = Description(
    document_id=uuid.UUID(int=7),
    title="食品经营许可证 青市监证〔2026〕1号",
    author="青禾县市场监督管理局",
    created_on=dt.date(2026, 11, 21),
    keywords=("zhengtong-verify-7KQM4XTPA3CX",),
    custom=(("查验码", "7KQM4XTPA3CX"),),
)


@functools.cache
def pdf_of(template: str) -> bytes:
    return render_paper(template, heading=heading(), content=content_of(template, every_template()[template])).pdf


@functools.cache
def ofd_of(template: str) -> bytes:
    return pdf_to_ofd(pdf_of(template), description=DESCRIBED)


def typeset(source: str, **images: bytes) -> bytes:
    """A page of 100 by 60 millimetres."""
    head = "#set page(width: 100mm, height: 60mm, margin: 5mm)\n"
    data = {name: content.hex() for name, content in images.items()}
    return typst.compile((head + source).encode(), format="pdf", sys_inputs=data)


def likeness(pdf: bytes, ofd: bytes) -> list[float]:
    """Mean difference of grey per page (0 equal, 255 opposite), after a blur that forgives half a dot."""
    found = []
    blur = ImageFilter.GaussianBlur(3)
    with opened(pdf) as document:
        for number, drawn in enumerate(ofd_drawing.pages(ofd)):
            shown = document[number].render(scale=ofd_drawing.DOTS_PER_MM * 25.4 / 72).to_pil().convert("L")
            shown = shown.resize(drawn.size)
            difference = ImageChops.difference(shown.filter(blur), drawn.filter(blur))
            found.append(ImageStat.Stat(difference).mean[0])
    return found


@pytest.mark.parametrize("template", sorted(every_template()))
def test_another_reader_finds_the_same_text_on_the_same_pages(template: str) -> None:
    with ofdkit.open(io.BytesIO(ofd_of(template))) as document:
        texts = ["".join(page.text().split()) for page in document.pages]
        sizes = [(round(page.width), round(page.height)) for page in document.pages]

    expected = page_texts(pdf_of(template))
    assert [sorted(text) for text in texts] == [sorted(text) for text in expected]
    assert set(sizes) == {(297, 210) if template == "licence" else (210, 297)}


@pytest.mark.parametrize("template", sorted(every_template()))
def test_the_pages_look_like_those_of_the_pdf(template: str) -> None:
    found = likeness(pdf_of(template), ofd_of(template))

    assert len(found) == len(page_texts(pdf_of(template)))
    assert max(found) < 1.5
    # the measure can tell: another paper is far away
    other = "receipt" if template != "receipt" else "refusal"
    if template != "licence":
        assert likeness(pdf_of(template), ofd_of(other))[0] > 2 * max(found)


def test_the_codes_can_be_read_from_the_drawn_page() -> None:
    (page,) = ofd_drawing.pages(ofd_of("licence"))

    assert [code.text for code in zxingcpp.read_barcodes(page)] == [heading().verify_url]


def test_the_description_names_the_paper() -> None:
    with ofdkit.open(io.BytesIO(ofd_of("licence"))) as document:
        info = document.info

    assert (info.title, info.author, info.creation_date) == (DESCRIBED.title, DESCRIBED.author, "2026-11-21")
    assert info.keywords == DESCRIBED.keywords
    assert info.custom_data == {"查验码": "7KQM4XTPA3CX"}
    assert info.doc_id == DESCRIBED.document_id.hex


def test_the_package_is_in_order_and_every_identifier_is_used_once() -> None:
    with zipfile.ZipFile(io.BytesIO(ofd_of("supplement_notice"))) as package:
        names = package.namelist()
        roots = [etree.fromstring(package.read(name)) for name in names if name.endswith(".xml")]

    assert names[0] == "OFD.xml"
    assert len(set(names)) == len(names)
    assert {etree.QName(root).namespace for root in roots} == {"http://www.ofdspec.org/2016"}
    identifiers = [element.get("ID") for root in roots[1:] for element in root.iter() if element.get("ID")]
    # a page is named twice: where it is listed, nowhere else
    assert len(set(identifiers)) == len(identifiers)
    largest = int(roots[1].findtext(".//{http://www.ofdspec.org/2016}MaxUnitID") or 0)
    assert largest == max(int(identifier) for identifier in identifiers)


def test_embedded_fonts_stand_on_their_own() -> None:
    with zipfile.ZipFile(io.BytesIO(ofd_of("licence"))) as package:
        programs = [package.read(name) for name in package.namelist() if "font_" in name]

    inked = [ImageFont.truetype(io.BytesIO(program), 40).getmask("可").getbbox() for program in programs]
    assert len(programs) >= 3
    assert any(inked)


def test_fonts_with_postscript_outlines_are_wrapped() -> None:
    pdf = typeset('#set text(font: "Libertinus Serif", 20pt)\nOffice of fees, 0123456789 & Qq')  # comes with typst

    ofd = pdf_to_ofd(pdf, description=DESCRIBED)

    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        assert any(name.endswith(".otf") for name in package.namelist())
    assert max(likeness(pdf, ofd)) < 1.5


def test_equal_papers_give_equal_bytes() -> None:
    assert pdf_to_ofd(pdf_of("licence"), description=DESCRIBED) == ofd_of("licence")


def test_pictures_are_carried_over_with_their_transparency() -> None:
    picture = Image.new("RGBA", (40, 20), (200, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 20, 20))
    out = io.BytesIO()
    picture.save(out, "PNG")
    source = (
        "#let hex(c) = if c >= 97 { c - 87 } else { c - 48 }\n"
        "#let raw = array(bytes(sys.inputs.logo))\n"
        "#image(bytes(range(0, raw.len(), step: 2).map(i => hex(raw.at(i)) * 16 + hex(raw.at(i + 1)))), width: 40mm)\n"
    )
    pdf = typeset(source, logo=out.getvalue())

    ofd = pdf_to_ofd(pdf, description=DESCRIBED)

    (page,) = ofd_drawing.pages(ofd)
    assert likeness(pdf, ofd)[0] < 1.5
    assert page.getpixel((10 * 8, 10 * 8)) == 255
    assert page.getpixel((40 * 8, 10 * 8)) < 100


def test_curves_dashes_and_filled_shapes_are_carried_over() -> None:
    source = (
        "#circle(radius: 8mm, fill: red, stroke: 1mm)\n"
        '#line(length: 60mm, stroke: (paint: blue, thickness: 0.5mm, dash: "dashed"))\n'
    )
    pdf = typeset(source)

    ofd = pdf_to_ofd(pdf, description=DESCRIBED)

    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        content = package.read("Doc_0/Pages/Page_0/Content.xml").decode()
    assert " B " in content
    assert "DashPattern=" in content
    assert likeness(pdf, ofd)[0] < 2.5


@pytest.mark.parametrize(
    "source",
    [
        "#rotate(30deg)[斜着的字]",
        "#rect(fill: gradient.linear(red, blue), width: 20mm, height: 9mm)",
        "#rect(fill: rgb(255, 0, 0, 50%), width: 20mm, height: 9mm)",
        "#box(clip: true, width: 9mm, height: 3mm, rect(width: 40mm, height: 30mm, fill: red))",
    ],
)
def test_what_would_be_lost_is_refused(source: str) -> None:
    with pytest.raises(NotConvertible):
        pdf_to_ofd(typeset(source), description=DESCRIBED)
