"""Several tasks at one stroke: only where the conclusion is the good one, and the same for all."""

from collections.abc import Collection
from typing import Final

#: conclusions that may be given to several cases at once; what asks or refuses is said to each applicant for itself
BATCH_OUTCOMES: Final = ("accept", "agree", "pass", "approve")


def batch_outcome(codes: Collection[str]) -> str:
    """The conclusion a task may get in a batch, empty when it has none such."""
    return next((code for code in BATCH_OUTCOMES if code in codes), "")
