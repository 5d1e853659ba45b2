"""A town begins its day in office hours, when short messages may go out."""

import datetime as dt

from faults.town import Town
from zhengtong.kernel.calendar import SHANGHAI

_FIRST_HOUR, _LAST_HOUR = 9, 17


def begin_in_office_hours(town: Town) -> None:
    """Set the demonstration's clock forward to nine o'clock where it is night."""
    present = town.now().astimezone(SHANGHAI)
    if _FIRST_HOUR <= present.hour < _LAST_HOUR:
        return
    day = present if present.hour < _FIRST_HOUR else present + dt.timedelta(days=1)
    morning = day.replace(hour=_FIRST_HOUR, minute=0, second=0)
    minutes = int((morning - present).total_seconds() // 60) + 1
    answer = town.command("demo", "clock", "--forward", f"{minutes}m")
    if answer.returncode != 0:
        raise RuntimeError(answer.stdout)
