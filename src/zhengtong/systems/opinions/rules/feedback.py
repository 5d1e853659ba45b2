"""采纳情况怎样计算: how many opinions, what became of them; and what may not stand in words for the public."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_BETWEEN = re.compile(r"[\s\-–—·.]")
#: a name of one sign stands in too many words
_SHORTEST_NAME = 2


@dataclasses.dataclass(frozen=True)
class Figures:
    """The figures of a consultation as its feedback states them; ``open`` are opinions nobody has judged yet."""

    received: int
    adopted: int
    partly: int
    not_adopted: int
    unrelated: int
    open: int

    @property
    def judged(self) -> int:
        """Opinions about the matter that were judged."""
        return self.adopted + self.partly + self.not_adopted

    @property
    def share(self) -> str:
        """采纳率: adopted and partly adopted of those about the matter, per cent to one digit; empty without any."""
        if not self.judged:
            return ""
        share = Decimal(100 * (self.adopted + self.partly)) / self.judged
        return str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))

    def as_json(self) -> dict[str, int]:
        """As they are frozen when the feedback is published."""
        return dataclasses.asdict(self)


def figures_of(verdicts: Mapping[str, int]) -> Figures:
    """Figures from how many opinions bear each verdict (``constants.Verdict``), the empty one for those without."""
    return Figures(
        received=sum(verdicts.values()),
        adopted=verdicts.get("adopted", 0),
        partly=verdicts.get("partly", 0),
        not_adopted=verdicts.get("not_adopted", 0),
        unrelated=verdicts.get("unrelated", 0),
        open=verdicts.get("", 0),
    )


def names_somebody(text: str, people: Iterable[str]) -> bool:
    """Whether words for the public hold a name or number of these people, a mobile or an identity number.

    Signs put between the digits or in full width do not hide a number.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    known = (_BETWEEN.sub("", unicodedata.normalize("NFKC", one)) for one in people)
    if any(len(one) >= _SHORTEST_NAME and one in plain for one in known):
        return True
    return bool(_MOBILE.search(plain) or _IDENTITY.search(plain))
