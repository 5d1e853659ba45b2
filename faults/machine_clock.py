"""The machine's clock as the town's programs see it, set back and forward.

Every Python process of the town loads ``site_hook/sitecustomize.py`` at its start, which shifts what the platform
reads of the machine's clock. The database server keeps the right time, as when the application's machine alone goes
wrong.
"""

import os
from collections.abc import Mapping
from pathlib import Path

_HOOK = Path(__file__).parent / "site_hook"


class MachineClock:
    """How far the machine's clock stands from the right time, in seconds."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.offset = 0.0
        self.set(0.0)

    @property
    def variables(self) -> Mapping[str, str]:
        """What makes a process live by this clock."""
        found = [str(_HOOK), *filter(None, [os.environ.get("PYTHONPATH", "")])]
        return {"PYTHONPATH": os.pathsep.join(found), "FAULTS_CLOCK_FILE": str(self._file)}

    def set(self, offset: float) -> None:
        """From now on, within a second, the clock stands so many seconds ahead (or back)."""
        partial = self._file.with_suffix(".partial")
        partial.write_text(str(offset), encoding="ascii")
        partial.replace(self._file)
        self.offset = offset
