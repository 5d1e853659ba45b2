"""The halls of the demonstration: county hall, two township centres, their windows and rosters."""

import json
from pathlib import Path

from zhengtong.kernel import clock
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_centre import api as service_centre

_DATA = Path(__file__).parent / "data" / "centre.json"
_ROSTER_DAYS = 20


def load_centre(boss: Actor) -> int:
    """Halls that are missing, and the rosters of the days from today on; returns how many halls were added."""
    declared = json.loads(_DATA.read_text(encoding="utf-8"))
    # rosters are for the days ahead, wherever the rest of the demonstration is laid
    with clock.present():
        added = sum(
            service_centre.install_place(actor=boss, declared=row, position=number)
            for number, row in enumerate(declared["places"], start=1)
        )
        for slug, windows in declared["rosters"].items():
            people = {int(number): names for number, names in windows.items()}
            service_centre.install_roster(actor=boss, slug=slug, people=people, days=_ROSTER_DAYS)
    return added
