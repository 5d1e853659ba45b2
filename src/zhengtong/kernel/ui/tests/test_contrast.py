"""The colours of the pages: every pair that meets is readable, and none is named outside the tokens."""

import re
from pathlib import Path

import pytest

from zhengtong.kernel.ui import contrast

UI = Path(__file__).parents[1]


def tokens() -> dict[str, str]:
    text = (UI / "static" / "ui" / "zhengtong.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--zt-([a-z-]+): (#[0-9a-f]{6});", text))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((name, "paper") for name in ("ink", "ink-secondary", "ink-faint", "red", "blue")),
        *((name, "panel") for name in ("ink", "ink-secondary", "ink-faint", "red", "blue")),
        *((f"lamp-{name}", ground) for name in ("green", "yellow", "red", "deep-red") for ground in ("paper", "panel")),
        *(
            ("paper", name)
            for name in ("red", "blue", "ink", "ink-secondary", "ink-faint", "lamp-red", "lamp-deep-red")
        ),
        ("ink", "lamp-yellow-fill"),
        ("ink", "line"),
    ],
)
def test_every_pair_of_tokens_that_pages_use_is_readable(text: str, ground: str) -> None:
    assert contrast.contrast(tokens()[text], tokens()[ground]) >= contrast.READABLE


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    for path in (UI / "static" / "ui").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        rest = re.sub(r"--zt-[a-z-]+: #[0-9a-f]{6};", "", text)
        assert not re.search(r"#[0-9a-f]{3,8}\b", rest), path.name
        assert len(text.splitlines()) <= 500, path.name


def test_contrast_knows_the_extremes_and_refuses_other_notations() -> None:
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.contrast("#b01217", "#b01217") == pytest.approx(1)
    with pytest.raises(ValueError, match="red"):
        contrast.contrast("red", "#ffffff")
