"""The check at start: production must not rest on the development authority."""

import logging
from typing import Any

from django.conf import settings
from django.core import checks

from zhengtong.capabilities.trust.registry import certificate_authorities
from zhengtong.capabilities.trust.services.keys import authority_name

log = logging.getLogger(__name__)

_HINT = (
    "请向依法取得资质的电子政务电子认证服务机构申请证书，设置 ZHENGTONG_CERTIFICATE_AUTHORITY=file，"
    "用 zhengtong trust request 生成申请、zhengtong trust import 导入证书。"
)


def check_lawfulness(**_options: Any) -> list[checks.CheckMessage]:
    """An error where production names the development authority, a warning where it names none; nothing in a demo."""
    name = authority_name()
    if name not in certificate_authorities:
        return [checks.Error(f"没有名为“{name}”的证书签发机构。", hint=_HINT, id="trust.E002")]
    if settings.ZHENGTONG_DEMO or not certificate_authorities.get(name)().is_development:
        return []
    if getattr(settings, "ZHENGTONG_CERTIFICATE_AUTHORITY", ""):
        return [checks.Error("正式运行环境不能使用开发测试签发机构。", hint=_HINT, id="trust.E001")]
    return [checks.Warning("正式运行环境还没有证书签发机构，不能盖章。", hint=_HINT, id="trust.W001")]


def say_what_is_unlawful() -> None:
    """The same into the log, when the worker starts and every hour: no server of ours runs Django's checks."""
    for message in check_lawfulness():
        log.error("%s %s", message.msg, message.hint)
