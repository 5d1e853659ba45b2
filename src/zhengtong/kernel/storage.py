"""The one door of files: content-addressed, checked before it is stored, the row committed before it is served."""

import contextlib
import errno
import hashlib
import logging
import os
import uuid
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import NoRoom, NotFound
from zhengtong.kernel.folders import made, settle
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.uploads import CheckedUpload

log = logging.getLogger(__name__)

_LOCK = 0x7A746673  # any fixed number: locks of contents
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def store_upload(*, tenant: str, upload: CheckedUpload) -> StoredFile:
    """Store a stranger's file, which was checked before the transaction began.

    NoRoom when there is no room for it: that is no fault of the one who brought it.
    """
    try:
        return store(tenant=tenant, name=upload.name, content=upload.content, content_type=upload.content_type)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        log.critical("a file of %d bytes was not stored: %s", len(upload.content), error.strerror)
        raise NoRoom(
            _("文件没有存下：平台的存储空间已满。已经填写和上传的内容都还在，请过一会儿再上传，或者联系办事大厅。")
        ) from error


@transaction.atomic
def store(*, tenant: str, name: str, content: bytes, content_type: str) -> StoredFile:
    """Store a file of our own making; the same content is kept once, and mended where it lies there damaged."""
    digest = digest_of(content)
    lock_content(digest)
    path = path_of(digest)
    if not _is_sound(path, content):
        partial = made(path.parent) / f"{digest}.{uuid.uuid4().hex}.partial"
        try:
            with partial.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(path)
        except OSError:
            # half a file would take room that is short already
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
        settle(path.parent)
    return StoredFile.objects.create(
        tenant=tenant, name=name, content_type=content_type, size=len(content), digest=digest
    )


def digest_of(content: bytes) -> str:
    """Under which the content is kept: SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def read(*, tenant: str, file_id: uuid.UUID) -> tuple[StoredFile, bytes]:
    """Row and content of a file; raises NotFound when the tenant has no such file or its content is damaged."""
    row = StoredFile.objects.filter(tenant=tenant, pk=file_id).first()
    if row is None:
        raise NotFound("没有找到这个文件。")
    path = path_of(row.digest)
    content = path.read_bytes() if path.is_file() else b""
    if digest_of(content) != row.digest:
        raise NotFound("这个文件已经损坏，打不开。请拨打页面底部的电话，由系统管理员从备份恢复。")
    return row, content


def _is_sound(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def lock_content(digest: str, *, shared: bool = True) -> None:
    """Until the end of the transaction: who stores a content shares it with others, who removes it has it alone."""
    with connection.cursor() as cursor:
        kind = "_shared" if shared else ""
        cursor.execute(f"select pg_advisory_xact_lock{kind}(%s, hashtext(%s))", [_LOCK, digest])


def path_of(digest: str) -> Path:
    """Where the content of a digest lies."""
    return Path(settings.ZHENGTONG_VAR) / "files" / digest[:2] / digest[2:4] / digest
