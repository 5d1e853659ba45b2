"""The virus scanner: a stand-in that speaks clamd's protocol."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from PIL import Image

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.uploads import checked_upload

Serve = Callable[[bytes], list[bytes]]


@pytest.fixture
def scanner(tmp_path: Path, settings: Any) -> Iterator[Serve]:
    """Start a scanner with the answer it gives; the list fills with what it was sent."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(tmp_path / "clamd"))
    door.listen()
    settings.ZHENGTONG_CLAMD = str(tmp_path / "clamd")
    threads: list[threading.Thread] = []

    def serve(answer: bytes) -> list[bytes]:
        seen: list[bytes] = []

        def once() -> None:
            line, _address = door.accept()
            with line, line.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                whole = b""
                while length := struct.unpack("!L", sent.read(4))[0]:
                    whole += sent.read(length)
                seen.append(whole)
                line.sendall(answer)

        threads.append(threading.Thread(target=once))
        threads[-1].start()
        return seen

    yield serve
    for thread in threads:
        thread.join(10)
    door.close()


def _picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 400), 100).save(out, "PNG")
    return out.getvalue()


def test_what_is_clean_comes_in_and_was_seen_whole(scanner: Serve) -> None:
    content = _picture()
    seen = scanner(b"stream: OK\0")

    assert checked_upload("合同.png", content).content_type == "image/png"

    assert seen == [content]
    assert len(content) > 64 * 1024


def test_what_the_scanner_finds_stays_outside(scanner: Serve) -> None:
    scanner(b"stream: Eicar-Test-Signature FOUND\0")

    with pytest.raises(Invalid, match="可能带有病毒"):
        checked_upload("合同.png", _picture())


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK FOUND? ERROR\0"])
def test_nothing_comes_in_unscanned_while_the_scanner_is_silent(scanner: Serve, answer: bytes) -> None:
    scanner(answer)

    with pytest.raises(Invalid, match="没有应答"):
        checked_upload("合同.png", _picture())


@pytest.mark.django_db
def test_nothing_is_scanned_inside_a_transaction(scanner: Serve) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        checked_upload("合同.png", _picture())

    seen = scanner(b"stream: OK\0")
    assert checked_upload("合同.png", _picture()).is_picture
    assert len(seen) == 1


@pytest.mark.parametrize("where", ["/nowhere/clamd", "127.0.0.1:1"])
def test_a_scanner_that_is_not_there_lets_nothing_in(settings: Any, where: str) -> None:
    settings.ZHENGTONG_CLAMD = where

    with pytest.raises(Invalid, match="没有应答"):
        checked_upload("合同.png", _picture())
