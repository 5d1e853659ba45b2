"""In which sizes a picture is shown, and how large it then stands: plain arithmetic."""

from typing import Final

#: the widths a picture is made in; nobody may ask for others, so nobody can fill the disk
WIDTHS: Final = (240, 480, 800, 1200, 1600, 2400)
#: a picture is kept no larger than this on its longer side: no screen of a reader is
LONGEST: Final = WIDTHS[-1]


def fitted(spec: str, width: int, height: int) -> tuple[int, int]:
    """How large a picture stands by Wagtail's word for it: ``max-165x165``, ``width-800``, ``original``; never larger.

    What fills a box by cutting is fitted into it instead: a government's picture is shown whole.
    """
    kind, _dash, rest = spec.partition("|")[0].partition("-")
    numbers = [int(part) for part in rest.split("-")[0].split("x") if part.isdecimal()]
    if width <= 0 or height <= 0 or not numbers or min(numbers) <= 0:
        return width, height
    share = numbers[0] / height if kind == "height" else numbers[0] / width
    if len(numbers) > 1:
        share = min(share, numbers[1] / height)
    share = min(share, 1.0)
    return max(1, round(width * share)), max(1, round(height * share))


def step(width: int, own: int) -> int:
    """The width that is made for a picture shown so wide: the next of ``WIDTHS``, 0 for the picture as it is kept."""
    return next((one for one in WIDTHS if width <= one < own), 0)


def steps(own: int) -> tuple[int, ...]:
    """All widths made of a picture that is ``own`` wide, the smallest first; 0 stands for the picture itself."""
    return (*(one for one in WIDTHS if one < own), 0)
