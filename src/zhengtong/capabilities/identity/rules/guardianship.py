"""Until when somebody is a minor, and what proves guardianship of an adult; plain Python."""

import datetime as dt

OF_AGE = 18  # 民法典第十七条
# an adult's guardian is named by somebody: a register of births proves nothing about him (民法典第二十八条至第三十二条)
PROVES_FOR_ADULTS = frozenset({"notarised", "appointed", "judgment"})


def last_day_as_minor(born: dt.date) -> dt.date:
    """The day before the eighteenth birthday; for one born on 29 February the birthday of a common year is 1 March."""
    try:
        birthday = born.replace(year=born.year + OF_AGE)
    except ValueError:
        birthday = dt.date(born.year + OF_AGE, 3, 1)
    return birthday - dt.timedelta(days=1)


def guardianship_state(
    *, verified: bool, contested: bool, refused: bool, ended: bool, until: dt.date, today: dt.date
) -> str:
    """The word of ``constants.GuardianshipState`` for a relation; ``verified`` alone lets the guardian act."""
    if ended:
        return "refused" if refused else "ended"
    if until < today:
        return "expired"
    if contested:
        return "contested"
    return "verified" if verified else "declared"
