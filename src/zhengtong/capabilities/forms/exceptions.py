"""Refusals of forms that carry what was sent, so that nothing is lost."""

from collections.abc import Mapping
from typing import Any

from zhengtong.kernel.errors import Conflict


class DraftConflict(Conflict):
    """Somebody else saved the draft meanwhile: ``sent`` is what was sent, ``current`` what is kept."""

    def __init__(
        self, message: str, *, sent: Mapping[str, Any], current: Mapping[str, Any], revision: int, saved_by: str
    ) -> None:
        super().__init__(message)
        self.sent = sent
        self.current = current
        self.revision = revision
        self.saved_by = saved_by
