"""Where old sites lie: a file sent by the browser, a name in the folder of imports, a database that may be read."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.kernel import storage
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.sites.constants import SourceKind
from zhengtong.systems.sites.engine.old_site import holdings, html_text, tables, warc, wxr
from zhengtong.systems.sites.engine.old_site.addresses import key_of
from zhengtong.systems.sites.engine.old_site.crawl import read_crawl
from zhengtong.systems.sites.engine.old_site.pages import Found, Held, Unreadable
from zhengtong.systems.sites.engine.old_site.picking import Picker
from zhengtong.systems.sites.engine.old_site.selector_rules import rules_of
from zhengtong.systems.sites.models import Migration, MigrationFile

_SECONDS_TO_CONNECT, _SECONDS_TO_ANSWER = 10, 600
_ROWS_AT_ONCE: Final = 200
#: ending of a file → as what it is read
_KINDS: Final = {
    ".zip": SourceKind.CRAWL,
    ".csv": SourceKind.TABLE,
    ".xlsx": SourceKind.TABLE,
    ".xml": SourceKind.WXR,
    ".wxr": SourceKind.WXR,
    ".warc": SourceKind.WARC,
    ".warc.gz": SourceKind.WARC,
}


def imports_folder() -> Path:
    """Where the administrators of the machine lay down what is too large for a browser."""
    return Path(settings.ZHENGTONG_VAR) / "imports"


def places() -> list[str]:
    """What lies in the folder of imports, by name; links do not count."""
    try:
        return sorted(one.name for one in imports_folder().iterdir() if not one.is_symlink() and one.name[0] != ".")
    except OSError:
        return []


def path_of(name: str) -> Path:
    """The path of a name in the folder of imports; raises Invalid for what does not lie there."""
    if name not in places():
        raise Invalid(_("服务器的导入文件夹里没有“%(name)s”。") % {"name": name[:100]}, field="place")
    return imports_folder() / name


def kind_of(name: str, path: Path | None = None) -> str:
    """As what a file or folder is read. Raises Invalid."""
    if path is not None and path.is_dir():
        return SourceKind.WARC if warc.archives(path) else SourceKind.CRAWL
    for ending, kind in _KINDS.items():
        if name.lower().endswith(ending):
            return kind
    raise Invalid(
        _("“%(name)s”认不出是什么。可以导入：网页文件夹或 ZIP、WARC、CSV、XLSX、WordPress 导出的 XML。")
        % {"name": name[:100]},
        field="file",
    )


def databases() -> dict[str, str]:
    """The databases that may be read, by name; the addresses hold passwords and are never kept."""
    pairs = (one.partition("=") for one in settings.ZHENGTONG_SITES_OLD_DATABASES.split())
    return {name: address for name, _mark, address in pairs if name and address}


class Source:
    """The source of one migration: its pages in their order, its files by address."""

    def __init__(self, migration: Migration) -> None:
        self._migration = migration
        self._rules = rules_of(migration.rules)
        self._host = (self._rules.host.split() or [""])[0]
        self._files = self._holding()

    def read(self, after: int) -> Iterator[tuple[int, Found]]:
        """What comes behind a place. Raises Unreadable."""
        for place, found in self._read(max(after, 0)):
            if place > after:
                yield place, found

    def read_from(self, place: int) -> Iterator[tuple[int, Found]]:
        """What stands at a place that was given before, and behind it. Raises Unreadable."""
        return self._read(place)

    def file(self, address: str) -> bytes | None:
        """The bytes of a file; None where the source does not hold it. Raises Refused."""
        if self._migration.kind == SourceKind.WARC:
            row = MigrationFile.objects.filter(migration=self._migration, key=key_of(address)).first()
            if row is not None:
                return warc.read_held(warc.archives(self._path()), Held(address, row.archive, row.offset), MAX_BYTES)
        if self._files is None:
            return None
        name = holdings.Found(self._files).name_of(address)
        return self._files.read(name, MAX_BYTES) if name else None

    def _read(self, start: int) -> Iterator[tuple[int, Found]]:
        kind = self._migration.kind
        if kind == SourceKind.SQL:
            yield from _asked(self._migration.place, self._migration.query, host=self._host, start=start)
            return
        path = self._path()
        if kind == SourceKind.CRAWL:
            yield from read_crawl(holdings.opened(path), Picker(self._rules), host=self._host, start=start)
        elif kind == SourceKind.WARC:
            yield from warc.read_warc(warc.archives(path), Picker(self._rules), start=start)
        elif kind == SourceKind.WXR:
            yield from wxr.read_wxr(path, start=start)
        elif self._migration.place.lower().endswith(".xlsx"):
            yield from tables.read_xlsx(path, host=self._host, start=start)
        else:
            yield from tables.read_csv(path, host=self._host, start=start)

    def _path(self) -> Path:
        upload = self._migration.upload
        path = storage.path_of(upload.digest) if upload is not None else imports_folder() / self._migration.place
        if not path.exists():
            raise Unreadable(_("来源“%(name)s”已经不在原处。") % {"name": self._migration.place})
        return path

    def _holding(self) -> holdings.Holding | None:
        if self._migration.files_place:
            path = imports_folder() / self._migration.files_place
            return holdings.opened(path) if path.exists() else None
        return holdings.opened(self._path()) if self._migration.kind == SourceKind.CRAWL else None


def check_query(database: str, query: str) -> str:
    """A query that may be put to an old database. Raises Invalid."""
    if database not in databases():
        raise Invalid(_("没有登记名为“%(name)s”的旧数据库。") % {"name": database[:60]}, field="place")
    plain = query.strip().rstrip(";").strip()
    if not plain.lower().startswith(("select", "with")) or ";" in plain:
        raise Invalid(_("查询语句须是一条 SELECT。"), field="query")
    if "order by" not in plain.lower():
        raise Invalid(_("查询语句须有 ORDER BY：中断以后按同样的顺序继续。"), field="query")
    return plain


def _asked(database: str, query: str, *, host: str, start: int) -> Iterator[tuple[int, Found]]:
    """The rows of a query, fetched a few at a time in a transaction that cannot write. Raises Unreadable."""
    address = databases().get(database)
    if address is None:
        raise Unreadable(_("没有登记名为“%(name)s”的旧数据库。") % {"name": database})
    options = f"-c default_transaction_read_only=on -c statement_timeout={_SECONDS_TO_ANSWER}s"
    try:
        with contextlib.closing(
            psycopg.connect(address, connect_timeout=_SECONDS_TO_CONNECT, options=options)
        ) as connection:
            connection.read_only = True
            with connection.cursor(name="zhengtong_old_site") as cursor:
                cursor.itersize = _ROWS_AT_ONCE
                cursor.execute(query.encode())
                yield from tables.read_rows(_with_heads(cursor), host=host, start=start)
    except psycopg.Error as error:
        # what the driver says may hold the address and with it the password
        said = error.sqlstate or type(error).__name__
        raise Unreadable(_("旧数据库没有应答，或者查询语句有误（%(said)s）。") % {"said": said}) from None


def _with_heads(cursor: Any) -> Iterator[Sequence[Any]]:
    yield [column.name for column in cursor.description or ()]
    yield from cursor


def plain_words(markup: str) -> str:
    """The words of an old page as they stand in it, a line for each piece, also those that are dropped."""
    try:
        root = html_text.parse(markup)
    except ValueError:
        return ""
    return "" if root is None else "\n".join(" ".join(one.split()) for one in root.itertext() if one.strip())
