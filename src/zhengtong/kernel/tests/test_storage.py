"""What the database says of a file outlives a power cut no longer than the file itself."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from zhengtong.kernel import storage

pytestmark = pytest.mark.django_db


def test_content_and_every_name_on_the_way_to_it_reach_the_disk(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    written: list[tuple[str, int]] = []

    def noted(descriptor: int) -> None:
        found = os.fstat(descriptor)
        written.append(("folder" if stat.S_ISDIR(found.st_mode) else "file", found.st_ino))

    monkeypatch.setattr(os, "fsync", noted)
    row = storage.store(tenant="980723", name="a.txt", content=b"hello", content_type="text/plain")

    path = tmp_path / "files" / row.digest[:2] / row.digest[2:4] / row.digest
    folders = [("folder", folder.stat().st_ino) for folder in list(path.parents)[:4]]
    assert written == [*reversed(folders[1:]), ("file", path.stat().st_ino), folders[0]]
    written.clear()
    storage.store(tenant="980723", name="b.txt", content=b"hello", content_type="text/plain")
    assert written == []


def test_a_content_that_lies_damaged_is_mended_by_whoever_brings_it_again(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    row = storage.store(tenant="980723", name="a.txt", content=b"hello", content_type="text/plain")
    storage.path_of(row.digest).write_bytes(b"hellO")

    storage.store(tenant="980723", name="b.txt", content=b"hello", content_type="text/plain")

    assert storage.read(tenant="980723", file_id=row.pk)[1] == b"hello"
