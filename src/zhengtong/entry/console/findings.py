"""One line of the health page."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Finding:
    """``lamp`` is green, yellow or red; ``advice`` says what to do, ``url`` is the page that tells more."""

    name: str
    lamp: str
    value: str
    advice: str = ""
    url: str = ""
