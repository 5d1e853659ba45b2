"""上级平台: JSON by POST over TLS, signed on both sides (README says how a request and an answer look)."""

import http.client
import ssl
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.registry import TransportFailed

_MOST: Final = 64 * 1024 * 1024
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_END: Final = "-----END CERTIFICATE-----"


class HttpUpper:
    """The upper platform at the address of the settings; see ``registry.Transport``."""

    label = "上级平台"
    simulated = False

    def problem(self) -> str:
        """An address without TLS, or certificates that are not there."""
        parts = urllib.parse.urlsplit(settings.ZHENGTONG_UPPER_URL)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            return _("上级平台的地址必须以 https:// 开头：上报包只由 TLS 加密。请修改 ZHENGTONG_UPPER_URL。")
        if not settings.ZHENGTONG_UPPER_CERTIFICATE:
            return _("没有设置上级平台的签名证书（ZHENGTONG_UPPER_CERTIFICATE），不能核验回执，没有上报。")
        try:
            found = self.trusted()
        except OSError as error:
            return _("上级平台的签名证书文件读不出来（%(why)s），没有上报。") % {"why": error.strerror}
        if not found:
            return _("上级平台的签名证书文件里没有 PEM 格式的证书，没有上报。")
        ca = settings.ZHENGTONG_UPPER_CA
        if ca and not Path(ca).is_file():
            return _("没有找到 ZHENGTONG_UPPER_CA 指明的 TLS 根证书文件，没有上报。")
        return ""

    def where(self) -> str:
        """The address."""
        return str(settings.ZHENGTONG_UPPER_URL)

    def trusted(self) -> Sequence[str]:
        """The certificates in the file of the settings."""
        text = Path(settings.ZHENGTONG_UPPER_CERTIFICATE).read_text(encoding="ascii", errors="replace")
        parts = text.split(_END)[:-1]
        return [part[part.index("-----BEGIN") :] + _END + "\n" for part in parts if "-----BEGIN" in part]

    def call(self, subject: str, body: bytes) -> bytes:
        """POST to ``<address>/v1/<subject>``; anything but a 200 in time is a failure."""
        parts = urllib.parse.urlsplit(settings.ZHENGTONG_UPPER_URL)
        connection = _connection(parts)
        path = f"{parts.path.rstrip('/')}/v1/{subject}"
        try:
            connection.request("POST", path, body=body, headers={"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read(_MOST)
        except TimeoutError as error:
            raise TransportFailed(_("上级平台没有在规定时间内应答。")) from error
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise TransportFailed(_("连不上上级平台：%(why)s。") % {"why": why}) from error
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise TransportFailed(_("上级平台答复 HTTP %(status)d。") % {"status": answer.status})
        return content


def _connection(parts: urllib.parse.SplitResult) -> http.client.HTTPConnection:
    timeout = settings.ZHENGTONG_UPPER_TIMEOUT
    if parts.scheme == "http":
        return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    context = ssl.create_default_context(cafile=settings.ZHENGTONG_UPPER_CA or None)
    return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout, context=context)
