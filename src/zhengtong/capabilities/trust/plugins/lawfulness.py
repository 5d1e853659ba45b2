"""The check at start: production must not rest on the development authority."""

import logging
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from zhengtong.capabilities.trust.registry import certificate_authorities
from zhengtong.capabilities.trust.selectors import root_certificates
from zhengtong.capabilities.trust.services.keys import authority_name

log = logging.getLogger(__name__)

_HINT = (
    "请向依法取得资质的电子政务电子认证服务机构申请证书，设置 ZHENGTONG_CERTIFICATE_AUTHORITY=file，"
    "用 zhengtong trust request 生成申请、zhengtong trust import 导入证书。"
)

_TEST_ROOTS = "演示数据库不要改作正式使用；已经改用的，重新申请印章证书，以前签发的文书按正式证书重新签发。"


def check_lawfulness(**_options: Any) -> list[checks.CheckMessage]:
    """An error where production names the development authority, a warning where it names none or where the database
    still has the development authority's roots; nothing in a demo.
    """
    name = authority_name()
    if name not in certificate_authorities:
        return [checks.Error(f"没有名为“{name}”的证书签发机构。", hint=_HINT, id="trust.E002")]
    if settings.ZHENGTONG_DEMO:
        return []
    found = _test_roots()
    if certificate_authorities.get(name)().is_development:
        if getattr(settings, "ZHENGTONG_CERTIFICATE_AUTHORITY", ""):
            found.append(checks.Error("正式运行环境不能使用开发测试签发机构。", hint=_HINT, id="trust.E001"))
        else:
            found.append(checks.Warning("正式运行环境还没有证书签发机构，不能盖章。", hint=_HINT, id="trust.W001"))
    return found


def _test_roots() -> list[checks.CheckMessage]:
    try:
        count = sum(row.is_development for row in root_certificates())
    except DatabaseError:  # checked before the database is there or has its tables
        return []
    if not count:
        return []
    words = f"数据库中有开发测试根证书 {count} 张：正式运行环境不信任它们，由它们签发的印章、文书、证书核验为无效。"
    return [checks.Warning(words, hint=_TEST_ROOTS, id="trust.W002")]


def say_what_is_unlawful() -> None:
    """The same into the log, when the worker starts and every hour: no server of ours runs Django's checks."""
    for message in check_lawfulness():
        log.error("%s %s", message.msg, message.hint)
