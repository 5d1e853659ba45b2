"""Old sites as they come: web archives, mirrored folders, tables."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

from zhengtong.kernel.actors import Actor
from zhengtong.systems.sites import api
from zhengtong.systems.sites.models import GovernmentSite, Migration

HOST = "www.old.gov.cn"
RULES: dict[str, Any] = {"host": HOST, "body": "#text", "columns": [["/news/", "news"], ["公告", "notices"]]}
PAGE = """<html><head><title>{title}-某局</title><meta name="PubDate" content="{day}">
<meta name="ContentSource" content="县农业局"></head><body><script>var a</script><h1>{title}</h1>
<div id="text">{text}</div></body></html>"""


def page(title: str = "旧闻一则", text: str = "<p>正文第一段。</p>", day: str = "2019-03-05 10:20") -> str:
    """A page of the old site."""
    return PAGE.format(title=title, text=text, day=day)


def warc(path: Path, *records: tuple[str, str, bytes], packed: bool = True) -> Path:
    """An archive (ISO 28500) of (path and query, content type or ``301 where``, content)."""
    with path.open("wb") as out:
        for address, kind, content in records:
            moved = kind.startswith("301 ")
            head = f"301 Moved\r\nLocation: {kind[4:]}" if moved else f"200 OK\r\nContent-Type: {kind}"
            answer = f"HTTP/1.1 {head}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
            whole = address if "://" in address else f"http://{HOST}{address}"
            record = (
                (
                    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
                    f"WARC-Target-URI: {whole}\r\nContent-Type: application/http; msgtype=response\r\n"
                    f"Content-Length: {len(answer)}\r\n\r\n"
                ).encode()
                + answer
                + b"\r\n\r\n"
            )
            out.write(gzip.compress(record, 1) if packed else record)
    return path


def imports() -> Path:
    """The folder in which the administrators lay old sites down."""
    folder = Path(settings.ZHENGTONG_VAR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def zipped(path: Path, **members: bytes | str) -> Path:
    """A ZIP; ``__`` stands for a slash, ``_x_`` for a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_x_", "."), content)
    return path


def planned(
    actor: Actor, site: GovernmentSite, place: str, rules: dict[str, Any] | None = None, **more: Any
) -> Migration:
    """A trial run, carried through."""
    row = api.begin_migration(actor=actor, site_id=site.pk, place=place, rules=rules or RULES, **more)
    api.plan_migration(actor=actor, migration_id=row.pk)
    return api.work_through(actor=actor, migration_id=row.pk)


def brought_in(
    actor: Actor, site: GovernmentSite, place: str, rules: dict[str, Any] | None = None, **more: Any
) -> Migration:
    """A trial run and the import behind it."""
    row = planned(actor, site, place, rules, **more)
    api.start_migration(actor=actor, migration_id=row.pk)
    return api.work_through(actor=actor, migration_id=row.pk)
