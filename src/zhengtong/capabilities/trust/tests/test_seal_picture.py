"""The picture of a seal: round, red, transparent, and readable for short and long names."""

import io
import math

import pypdfium2
import pytest
from PIL import Image

from zhengtong.capabilities.trust.engine.seal_picture import draw

NAMES = [
    "县政府",
    "青禾县市场监督管理局",
    "青禾县农业农村和水利林业生态环境保护综合行政执法大队直属第一分队",
    "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗人力资源和社会保障局行政审批服务办公室综合窗口",
]
UNIT = [(math.cos(math.radians(angle)), math.sin(math.radians(angle))) for angle in range(360)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("captions", [(), ("演示专用",), ("行政审批专用章", "演示专用")])
def test_everything_stays_inside_the_ring(name: str, captions: tuple[str, ...]) -> None:
    picture = draw(name=name, captions=captions, diameter_mm=42)

    image = Image.open(io.BytesIO(picture.png))
    width, height = image.size
    assert image.mode == "RGBA"
    assert abs(width - 42 / 25.4 * 300) < 2
    pixels = image.load()
    radius = width / 2
    outside = [
        (x, y)
        for x in range(width)
        for y in range(height)
        if (x - radius) ** 2 + (y - radius) ** 2 > (radius + 1.5) ** 2 and pixels[x, y][3]
    ]
    assert outside == []
    # A gap of clear paper runs between the ring and the name.
    gap = [pixels[round(radius + (radius * 0.935) * c), round(radius - (radius * 0.935) * s)][3] for c, s in UNIT]
    assert sum(alpha > 0 for alpha in gap) <= len(gap) * 0.02


@pytest.mark.parametrize("name", NAMES)
def test_the_vector_picture_carries_the_name_as_text(name: str) -> None:
    picture = draw(name=name, captions=("演示专用",), diameter_mm=42)

    document = pypdfium2.PdfDocument(picture.pdf)
    text = document[0].get_textpage().get_text_bounded()
    size = document[0].get_size()
    document.close()

    assert set(name) | set("演示专用") <= set(text)
    assert len(size) == 2
    assert size == pytest.approx((picture.diameter_points, picture.diameter_points), abs=0.1)


def test_rare_characters_are_drawn() -> None:
    plain = draw(name="县", captions=(), diameter_mm=42)
    rare = draw(name="堃", captions=(), diameter_mm=42)

    assert plain.png != rare.png
    assert "堃" in pypdfium2.PdfDocument(rare.pdf)[0].get_textpage().get_text_bounded()
