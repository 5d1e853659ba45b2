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
