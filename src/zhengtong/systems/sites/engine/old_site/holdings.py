"""Files beside an old site: a folder, or a ZIP that is never unpacked; read by name, never beyond a limit.

Names that lead outside, links, encrypted members and bombs are refused one by one, each with a sentence.
"""

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from zhengtong.systems.sites.engine.old_site.pages import Unreadable

_PIECE: Final = 1 << 16
_SMALL, _RATIO = 1 << 20, 200
_MOST_MEMBERS: Final = 500_000
_ENCRYPTED, _UTF8 = 0x1, 0x800


class Refused(Exception):
    """One file is not taken; the sentence says why."""


class Holding(Protocol):
    """Files by name."""

    def names(self) -> Iterator[str]:
        """All names in their order, also of files that are refused when they are read."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file. Raises Refused, also for one longer than ``most``."""
        ...


class Folder:
    """The files below a folder; links are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> Iterator[str]:
        """All files, folder after folder, each in the order of its names."""
        for folder, inside, files in os.walk(self._root):
            inside.sort()
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self._root).as_posix()

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        try:
            return _is_inside(name) and (self._root / name).is_file()
        except (OSError, ValueError):
            return False

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file."""
        if not _is_inside(name):
            raise Refused("文件名指向文件夹之外，没有读取。")
        path = self._root / name
        try:
            if path.is_symlink() or not path.resolve().is_relative_to(self._root.resolve()):
                raise Refused("文件是一个链接，没有读取。")
            if path.stat().st_size > most:
                raise Refused(_too_long(path.stat().st_size, most))
            with path.open("rb") as source:
                content = source.read(most + 1)
        except OSError as error:
            raise Refused("文件读不出来。") from error
        if len(content) > most:
            raise Refused(_too_long(len(content), most))
        return content


class Zip:
    """The members of a ZIP."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        # NotImplementedError: a way of packing that zipfile does not know
        except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Unreadable("ZIP 文件已损坏，打不开。请重新压缩后再导入。") from error
        members = [one for one in self._archive.infolist() if not one.is_dir()]
        if len(members) > _MOST_MEMBERS:
            raise Unreadable(f"ZIP 里的文件超过 {_MOST_MEMBERS} 个，没有读取。请分成几个，或者解压后放进服务器文件夹。")
        self._members = {_name(one): one for one in members}

    def names(self) -> Iterator[str]:
        """All members in the order of their names."""
        yield from sorted(self._members)

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._members

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a member, counted while they are read: what its head says may be a lie."""
        member = self._members.get(name)
        if member is None:
            raise Refused("ZIP 里没有这个文件。")
        if not _is_inside(name) or stat.S_ISLNK(member.external_attr >> 16):
            raise Refused("文件名指向压缩包之外，没有读取。")
        if member.flag_bits & _ENCRYPTED:
            raise Refused("文件加了密码，没有读取。")
        pieces, size = [], 0
        try:
            with self._archive.open(member) as source:
                while piece := source.read(_PIECE):
                    size += len(piece)
                    if size > most:
                        raise Refused(_too_long(max(size, member.file_size), most))
                    if size > _SMALL and size > _RATIO * max(1, member.compress_size):
                        raise Refused("文件压缩得异常，像是压缩炸弹，没有读取。")
                    pieces.append(piece)
        # NotImplementedError: a way of packing that zipfile does not know
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
            raise Refused("压缩包里的文件已损坏，读不出来。") from error
        return b"".join(pieces)


def opened(path: Path) -> Holding:
    """What lies at a path: a folder or a ZIP. Raises Unreadable."""
    return Folder(path) if path.is_dir() else Zip(path)


class Found:
    """Where the files of old addresses lie in a holding: below their host, or below its root."""

    def __init__(self, holding: Holding, below: str = "") -> None:
        self._holding, self._below = holding, below.strip("/")

    def name_of(self, address: str) -> str:
        """The name under which a file of that address is held; empty where it is not."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        path = unquote(parts.path).lstrip("/")
        host = (parts.hostname or "").lower()
        asked = f"?{parts.query}" if parts.query else ""
        for front in (f"{host}/", "", f"{self._below}/" if self._below else ""):
            for name in dict.fromkeys((f"{front}{path}{asked}", f"{front}{path}")):
                if name and self._holding.has(name):
                    return name
        # exports leave out the folders above: .../wp-content/uploads/2020/a.pdf stands as 2020/a.pdf
        pieces = path.split("/")
        for cut in range(1, len(pieces)):
            name = "/".join(pieces[cut:])
            if self._holding.has(name):
                return name
        return ""


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member; programs of old wrote them in GB18030 and said nothing of it."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = member.filename
    return name.replace("\\", "/")


def _is_inside(name: str) -> bool:
    return (
        not name.startswith("/") and "\0" not in name and ".." not in PurePosixPath(name).parts and ":" not in name[:3]
    )


def _too_long(size: int, most: int) -> str:
    return f"文件有 {size // (1 << 20)} MB，超过 {most // (1 << 20)} MB，没有读取。"
