"""The shelf: published pages as files that a web server sends without asking us.

``<tenant>/<code>/e<edition>/<variant>/<rest>index.html`` (and ``.gz``, ``.json``); ``<tenant>/<code>/now`` leads to the
edition that counts. What a site shows changes: its edition grows in the database, ``turn`` leads ``now`` to a new empty
folder, and pages are put there as they are asked for. A page is put into the edition that was read **before** its
content, so that one made from older content lands in a folder nobody reads any more. Of a site with a host of its own
pages stand in ``…/e<edition>/at/<host>/<variant>/…``: nothing is found by path, nor by a host the site has no more.
"""

import dataclasses
import fcntl
import gzip
import hashlib
import itertools
import json
import os
import re
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

STANDARD, LARGE = "standard", "large"
_NOW, _PAGE, _AT = "now", "index.html", "at"
_WORDS: Final = re.compile(r"[a-z0-9_-]+")
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_REST: Final = re.compile(r"(?:[A-Za-z0-9_-]+/)*")
#: feeds and site maps: what stands on the shelf beside pages
FILE_NAME: Final = re.compile(r"(?:rss|atom|sitemap(?:-[0-9]{1,3})?)\.xml")
_EDITION: Final = re.compile(r"e([0-9]+)")
#: the deepest and longest address that is kept; file systems refuse names of 256 bytes
_LONGEST, _LONGEST_PART, _LONGEST_HOST = 1000, 200, 253
#: an edition nobody reads any more may still be open in a server for so many seconds
_GRACE: Final = 60.0


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a page stands: county, code of the site, what of its address follows, and how it is printed."""

    tenant: str
    code: str
    rest: str
    variant: str = STANDARD
    #: empty for a page, the name of the file for a feed or a site map
    file: str = ""
    #: empty for a page by path, the host of the site for one below it
    host: str = ""

    @property
    def fits(self) -> bool:
        """True for what can be a path of files: words without dots, none too long."""
        return bool(
            _WORDS.fullmatch(self.tenant)
            and _WORDS.fullmatch(self.code)
            and self.variant in {STANDARD, LARGE}
            and (not self.host or (_HOST.fullmatch(self.host) and len(self.host) <= _LONGEST_HOST))
            and (not self.file or FILE_NAME.fullmatch(self.file))
            and len(self.rest) <= _LONGEST
            and _REST.fullmatch(self.rest)
            and all(len(part) <= _LONGEST_PART for part in self.rest.split("/"))
        )


@dataclasses.dataclass(frozen=True)
class Kept:
    """A page on the shelf: the headers it was answered with, its bytes as they are and packed by gzip."""

    edition: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes
    etag: str

    @property
    def size(self) -> int:
        """Bytes it takes in memory."""
        return len(self.body) + len(self.packed)


class Shelf:
    """The pages of all sites below ``root``, with a memory of the latest read ones of ``memory`` bytes at most."""

    def __init__(self, root: Path, *, memory: int = 0) -> None:
        self._root = str(root)
        self._memory = memory
        self._held: OrderedDict[Place, Kept] = OrderedDict()
        self._held_bytes = 0
        self._holding = threading.Lock()

    def edition(self, tenant: str, code: str) -> int | None:
        """The edition that counts here; None for a site without a shelf."""
        try:
            now = os.readlink(f"{self._root}/{tenant}/{code}/{_NOW}")  # noqa: PTH115  (a Path costs more than the call)
            found = _EDITION.fullmatch(now)
        except OSError:
            return None
        return int(found[1]) if found else None

    def find(self, place: Place) -> Kept | None:
        """The page, if it stands in the edition that counts."""
        edition = self.edition(place.tenant, place.code) if place.fits else None
        if edition is None:
            return None
        held = self._held.get(place)
        if held is not None and held.edition == edition:
            return held
        read = self._read(place, edition)
        if self._memory:
            with self._holding:
                self._hold(place, read)
        return read

    def keep(self, place: Place, edition: int, headers: list[tuple[str, str]], body: bytes) -> bool:
        """Put a page into an edition; False, and nothing done, where that edition does not count any more."""
        if not place.fits or self.edition(place.tenant, place.code) != edition:
            return False
        folder = self._folder(place, edition)
        folder.mkdir(parents=True, exist_ok=True)
        told = {"headers": headers, "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
        name = place.file or _PAGE
        _write(folder / f"{name}.json", json.dumps(told).encode())
        _write(folder / f"{name}.gz", gzip.compress(body, 9, mtime=0))
        # last, for it is what makes the page found
        _write(folder / name, body)
        return True

    def turn(self, tenant: str, code: str, edition: int) -> bool:
        """Let ``edition`` count from now on; False where it, or a later one, counts already."""
        site = Path(self._root, tenant, code)
        with _alone(site):
            current = self.edition(tenant, code)
            if current is not None and current >= edition:
                return False
            (site / f"e{edition}").mkdir(exist_ok=True)
            fresh = site / f".{_NOW}"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(f"e{edition}")
            fresh.replace(site / _NOW)
        return True

    def close(self, tenant: str, code: str) -> None:
        """Take the whole shelf of a site away."""
        shutil.rmtree(Path(self._root, tenant, code), ignore_errors=True)

    def sweep(self, *, grace: float = _GRACE) -> int:
        """Remove the editions that do not count any more and were left ``grace`` seconds ago; returns how many."""
        removed = 0
        for site in Path(self._root).glob("*/*"):
            current = self.edition(site.parent.name, site.name)
            for folder in site.glob("e*"):
                found = _EDITION.fullmatch(folder.name)
                if found is None or current is None or int(found[1]) >= current:
                    continue
                if time.time() - (site / _NOW).lstat().st_mtime >= grace:
                    shutil.rmtree(folder, ignore_errors=True)
                    removed += 1
        return removed

    def places(self, tenant: str, code: str) -> Iterator[Place]:
        """The pages, feeds and site maps that stand in the edition that counts."""
        top = Path(self._root, tenant, code, _NOW)
        hosts = sorted(found.name for found in (top / _AT).glob("*"))
        for host, variant in itertools.product(("", *hosts), (STANDARD, LARGE)):
            below = top / _AT / host / variant if host else top / variant
            for found in sorted(below.rglob("*")):
                file = found.name if FILE_NAME.fullmatch(found.name) else ""
                if not found.is_file() or not (file or found.name == _PAGE):
                    continue
                rest = found.parent.relative_to(below).as_posix()
                yield Place(tenant, code, "" if rest == "." else f"{rest}/", variant, file, host)

    def _folder(self, place: Place, edition: int) -> Path:
        under = (_AT, place.host) if place.host else ()
        return Path(self._root, place.tenant, place.code, f"e{edition}", *under, place.variant, place.rest)

    def _read(self, place: Place, edition: int) -> Kept | None:
        folder = self._folder(place, edition)
        try:
            name = place.file or _PAGE
            body = (folder / name).read_bytes()
            told = json.loads((folder / f"{name}.json").read_bytes())
            packed = (folder / f"{name}.gz").read_bytes()
        except (OSError, ValueError):
            return None
        headers = tuple((str(name), str(text)) for name, text in told["headers"])
        return Kept(edition, headers, body, packed, str(told["etag"]))

    def _hold(self, place: Place, kept: Kept | None) -> None:
        before = self._held.pop(place, None)
        self._held_bytes -= before.size if before else 0
        if kept is None:
            return
        self._held[place] = kept
        self._held_bytes += kept.size
        while self._held_bytes > self._memory:
            _, dropped = self._held.popitem(last=False)
            self._held_bytes -= dropped.size


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    fresh.write_bytes(data)
    fresh.replace(path)


@contextmanager
def _alone(site: Path) -> Iterator[None]:
    """One process at a time turns a site's shelf."""
    site.mkdir(parents=True, exist_ok=True)
    with (site / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
