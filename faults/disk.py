"""A small disk for the town: a file system of its own in memory where this process may mount one (root).

Elsewhere a full disk is stood in for by a limit on the size of files (RLIMIT_FSIZE 0) of the web processes, which
makes every write to a file fail (EFBIG in place of ENOSPC).
"""

import contextlib
import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_SIZE = "2g"
_BALLAST = "ballast"
_PIECE = bytes(1 << 20)


class Disk:
    """The disk below ``folder``; ``mounted`` says whether it is one of its own."""

    def __init__(self, folder: Path, *, mounted: bool, writers: Callable[[], Iterable[int]] = lambda: ()) -> None:
        self._ballast, self.mounted, self.writers = folder / _BALLAST, mounted, writers
        self._limited: list[int] = []

    @property
    def words(self) -> str:
        """How a full disk is made here."""
        return f"tmpfs of {_SIZE} filled to the last byte" if self.mounted else "RLIMIT_FSIZE 0 on the web processes"

    def fill(self) -> None:
        """From now on nothing more can be written."""
        if not self.mounted:
            self._limited = list(self.writers())
            for pid in self._limited:
                _limit(pid, 0)
            return
        with self._ballast.open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(_PIECE)

    def free(self) -> None:
        """There is room again."""
        self._ballast.unlink(missing_ok=True)
        for pid in self._limited:
            _limit(pid, resource.RLIM_INFINITY)
        self._limited = []


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """``folder`` on a small disk of its own, while that is possible; else as it is."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    mounted = os.geteuid() == 0 and _call("mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=711", "tmpfs", str(folder))
    try:
        yield Disk(folder, mounted=mounted)
    finally:
        if mounted:
            _call("umount", "--lazy", str(folder))


def _call(*words: str) -> bool:
    return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _limit(pid: int, most: int) -> None:
    try:
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))
    except OSError as error:
        if error.errno not in {errno.ESRCH, errno.EPERM}:
            raise
