"""What may be done with a request in which state: by the unit, by its head, by who asked."""

_UNIT = {
    "awaiting": {"confirm"},
    "handling": {
        "correct",
        "consult",
        "ask_time",
        "ask_reasons",
        "fee",
        "draft",
        "split",
        "forward",
        "ask_delay",
    },
    "correcting": {"corrected"},
    "consulting": {"consult", "reply", "end_consult", "ask_time"},
    "unpaid": {"paid"},
    "drafted": set(),
    "closed": {"remedy", "remedy_result"},
}
_HEAD = {
    "handling": {"time"},
    "consulting": {"time"},
    "drafted": {"approve", "return"},
}
_APPLICANT = {
    "awaiting": {"withdraw"},
    "handling": {"withdraw", "give_reasons"},
    "correcting": {"corrected", "withdraw"},
    "consulting": {"withdraw"},
    "unpaid": {"withdraw"},
    "drafted": {"withdraw"},
}


def unit_acts(state: str, *, corrected: bool, extended: bool, delayed: bool, fee_set: bool, own_data: bool) -> set[str]:
    """What the unit's officers may do: one correction notice, one extension, one fee; nothing twice."""
    found = set(_UNIT.get(state, ()))
    if corrected:
        found -= {"correct"}
    if extended:
        found -= {"ask_time"}
    if delayed:
        found -= {"ask_delay"}
    if fee_set:
        found -= {"fee", "split"}
    if own_data:
        found -= {"fee", "consult", "split", "ask_reasons", "ask_delay"}
    return found


def head_acts(state: str, *, asked: bool) -> set[str]:
    """What the head of the unit may decide; more time only where it was asked for."""
    return set(_HEAD.get(state, ())) - (set() if asked else {"time"})


def applicant_acts(state: str, *, reasons_asked: bool) -> set[str]:
    """What the person who asked may do."""
    return set(_APPLICANT.get(state, ())) - (set() if reasons_asked else {"give_reasons"})
