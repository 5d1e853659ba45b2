"""Until when somebody is a minor, and what proves guardianship of an adult; plain Python."""

import datetime as dt

OF_AGE = 18  # 民法典第十七条
CONSENTS_HIMSELF = 14  # 个人信息保护法第二十八条、第三十一条
# an adult's guardian is named by somebody: a register of births proves nothing about him (民法典第二十八条至第三十二条)
PROVES_FOR_ADULTS = frozenset({"notarised", "appointed", "judgment"})


def last_day_as_minor(born: dt.date) -> dt.date:
    """The day before the eighteenth birthday; for one born on 29 February the birthday of a common year is 1 March."""
    return _birthday(born, OF_AGE) - dt.timedelta(days=1)


def needs_guardian_consent(born: dt.date, today: dt.date) -> bool:
    """Whether his data may be taken only with a guardian's consent: below fourteen."""
    return today < _birthday(born, CONSENTS_HIMSELF)


def _birthday(born: dt.date, age: int) -> dt.date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return dt.date(born.year + age, 3, 1)


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
