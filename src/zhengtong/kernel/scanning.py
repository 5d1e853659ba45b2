"""The virus scanner beside the platform: every file of a stranger passes it before it is kept.

clamd's own protocol (man clamd, INSTREAM): ``zINSTREAM``, pieces with their length before them, an empty piece; the
answer is ``stream: OK`` or ``stream: NAME FOUND``.
"""

import logging
import socket
import struct

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import Invalid

log = logging.getLogger(__name__)

_PIECE = 64 * 1024
_SECONDS = 30
_LONGEST_ANSWER = 4096


def refuse_infected(shown: str, content: bytes) -> None:
    """Raises Invalid for a file in which the scanner finds something, and while the scanner does not answer.

    Nothing is asked where ``ZHENGTONG_CLAMD`` is empty. ``shown`` is the name of the file for the sentence.
    """
    if not settings.ZHENGTONG_CLAMD:
        return
    try:
        verdict = _ask(content)
    except OSError as error:
        log.error("the virus scanner does not answer: %s", error)
        verdict = ""
    if verdict.endswith(" FOUND"):
        log.warning("a file was refused by the virus scanner: %s", verdict[:200])
        raise Invalid(
            _("附件“%(name)s”可能带有病毒，没有接收。请先杀毒，或者换一台设备重新拍照后再上传，已填写的内容都还在。")
            % {"name": shown},
            field="file",
        )
    if not verdict.endswith(" OK"):
        raise Invalid(
            _("病毒检查服务现在没有应答，附件“%(name)s”暂时不能上传。请过一会儿再试，已填写的内容都还在。")
            % {"name": shown},
            field="file",
        )


def _ask(content: bytes) -> str:
    with _connected() as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
            part = line.recv(_LONGEST_ANSWER)
            if not part:
                break
            answer += part
    return answer.partition(b"\0")[0].decode("utf-8", "replace")


def _connected() -> socket.socket:
    """A path is a Unix socket; else ``host:port``."""
    where = str(settings.ZHENGTONG_CLAMD)
    if not where.startswith("/"):
        host, _colon, port = where.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(_SECONDS)
    try:
        line.connect(where)
    except OSError:
        line.close()
        raise
    return line
