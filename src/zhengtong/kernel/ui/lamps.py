"""The four lamps: colour, shape and word always together (a reader may see no colours)."""

import dataclasses

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclasses.dataclass(frozen=True)
class Lamp:
    """``key`` names the colour in the style sheet."""

    key: str
    shape: str
    word: str | Promise


GREEN = Lamp("green", "●", _("正常"))
YELLOW = Lamp("yellow", "▲", _("临期"))
RED = Lamp("red", "■", _("超期"))
DEEP_RED = Lamp("deep-red", "◆", _("违法定时限"))
NONE = Lamp("none", "○", _("不计时"))

_BY_STATE = {
    "green": GREEN,
    "normal": GREEN,
    "yellow": YELLOW,
    "due_soon": YELLOW,
    "red": RED,
    "overdue": RED,
    "deep_red": DEEP_RED,
    "deep-red": DEEP_RED,
    "statutory_breach": DEEP_RED,
    "none": NONE,
    "": NONE,
}


def lamp_of(state: object) -> Lamp:
    """The lamp of a colour word or of a state word; a word nobody knows shows the lamp that claims nothing."""
    return _BY_STATE.get(str(state or ""), NONE)
