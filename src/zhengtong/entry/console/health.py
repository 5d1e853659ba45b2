"""What the health page shows: each line says what was looked at, how it stands, and what to do."""

import contextlib
import datetime as dt
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from django.db import Error, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.capabilities.trust import api as trust
from zhengtong.entry.backup import installation
from zhengtong.entry.backup.making import age_of
from zhengtong.entry.backup.sets import Store
from zhengtong.entry.console import running
from zhengtong.entry.console.findings import Finding
from zhengtong.entry.observing.failures import sentence
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import now, recording_time
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.sites import api as sites

log = logging.getLogger(__name__)

_GIB = 1024**3
_SEAL_SECONDS = 10  # the sequencer needs two
_BACKUP_HOURS = 26  # daily, and two hours' grace
_DRILL_DAYS = 31
_SOON_DAYS = 30


def findings() -> list[Finding]:
    """All lines, in the order an operator looks at them; a check that fails is a line itself, and red."""
    found: list[Finding] = []
    for name, check in _CHECKS:
        try:
            found += _tried(check)
        except (Error, OSError, LookupError, ValueError) as error:
            log.exception("the check %s failed", name)
            found.append(Finding(name, "red", _("检查没有完成：%(why)s") % {"why": sentence(error)}))
    return found


def _tried(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    # inside a transaction a failed statement would spoil those of the next checks
    with transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext():
        return list(check())


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), current_setting('fsync'),"
            " pg_size_pretty(pg_database_size(current_database())), current_user"
        )
        version, fsync, size, role = cursor.fetchone()
    safe = fsync == "on"
    advice = "" if safe else _("数据库关闭了落盘保护，断电会丢数据，请改为 fsync=on。")
    text = _("PostgreSQL %(version)s，%(size)s，角色 %(role)s") % {"version": version, "size": size, "role": role}
    yield Finding(_("数据库"), "green" if safe else "red", text, advice)


def _transport() -> Iterator[Finding]:
    if settings.SESSION_COOKIE_SECURE:
        yield Finding(_("访问安全"), "green", _("只经 HTTPS 访问"))
    elif not settings.ZHENGTONG_DEMO:
        advice = _("请在前面配置 HTTPS，并设置 ZHENGTONG_HTTPS=1。")
        yield Finding(_("访问安全"), "red", _("没有启用 HTTPS，登录信息可能被窃听"), advice)
    mode = connection.settings_dict["OPTIONS"].get("sslmode", "")
    if mode and not mode.startswith("verify-"):
        advice = _("请在 DATABASE_URL 里改为 sslmode=verify-full，并用 sslrootcert 指明根证书。")
        words = _("到数据库的连接没有加密，或者不核对证书（sslmode=%(mode)s）") % {"mode": mode}
        yield Finding(_("数据库连接"), "red", words, advice)
    if settings.EMAIL_HOST and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        advice = _("请设 ZHENGTONG_SMTP_TLS=1 或者 ZHENGTONG_SMTP_SSL=1；发信服务器就在本机的可以不设。")
        yield Finding(_("发信连接"), "yellow", _("到发信服务器的连接没有加密"), advice)


def _messages() -> Iterator[Finding]:
    for one in notify.channel_summaries(tenant=settings.ZHENGTONG_TENANT):
        lost = one.count("given_up", "no_address")
        text = _("待发送 %(waiting)d，已送达 %(arrived)d，等待送达报告 %(sent)d，未送达 %(lost)d") % {
            "waiting": one.count("waiting", "sending", "retry"),
            "arrived": one.count("delivered"),
            "sent": one.count("sent"),
            "lost": lost,
        }
        advice = _("有通知没有送达，请在“通知投递”页面处理。") if lost else ""
        if one.ok is False:
            advice = _("连接不上：%(detail)s。") % {"detail": one.detail}
        elif not one.configured:
            advice = one.where
        red = bool(lost) or one.ok is False
        yield Finding(one.label, "red" if red else "green" if one.configured else "yellow", text, advice)


def _calendar() -> Iterator[Finding]:
    outlook = cases.calendar_outlook(settings.ZHENGTONG_TENANT)
    advice = _("由流程管理员在“工作日历”页面录入，第二人批准。") if outlook.lamp != "green" else ""
    yield Finding(_("工作日历"), outlook.lamp, outlook.sentence, advice)


def _site_moments() -> Iterator[Finding]:
    late, failed = sites.late_moments(settings.ZHENGTONG_TENANT)
    text = _("过时没有执行 %(late)d，一周内执行失败 %(failed)d") % {"late": late, "failed": failed}
    advice = _("请检查后台进程；失败的由网站签发人在网站工作台处理。") if late or failed else ""
    yield Finding(_("网页定时"), "red" if late else "yellow" if failed else "green", text, advice)


def _site_inspection() -> Iterator[Finding]:
    late = sites.late_inspection(settings.ZHENGTONG_TENANT)
    advice = _("请检查后台进程；可以运行 zhengtong sites inspect 补做。") if late else ""
    yield Finding(_("网站监测"), "red" if late else "green", late or _("按时完成"), advice)


def _ledger() -> Iterator[Finding]:
    state = ledger.cosigning_state(settings.ZHENGTONG_TENANT)
    advice = ""
    if state.lamp == "yellow":
        advice = _("请安全管理员在“共签机构”登记第二家机构，由它保管并共签检查点。")
    elif state.lamp == "red":
        advice = _("请联系共签机构检查它的共签程序。")
    yield Finding(_("责任认定账本"), state.lamp, state.words, advice)
    waiting = ledger.waiting_to_be_sealed()
    late = waiting.oldest_seconds > _SEAL_SECONDS
    text = _("待编入 %(count)d 条，最早等待 %(seconds)d 秒") % {
        "count": waiting.count,
        "seconds": int(waiting.oldest_seconds),
    }
    yield Finding(_("账目编入"), "red" if late else "green", text, _("请查看后台进程日志。") if late else "")


def _disk() -> Iterator[Finding]:
    yield _room(_("磁盘"), Path(settings.ZHENGTONG_VAR))
    store = installation.store_of()
    if not installation.same_disk(store):
        yield _room(_("备份磁盘"), store.path)


def _room(name: str, folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    lamp = "red" if free < 0.05 else "yellow" if free < 0.15 else "green"
    text = _("剩余 %(free).1f GiB，共 %(total).1f GiB") % {"free": usage.free / _GIB, "total": usage.total / _GIB}
    return Finding(name, lamp, text, _("空间不足，请扩容或清理。") if lamp != "green" else "")


def _backup() -> Iterator[Finding]:
    store = installation.store_of()
    newest = store.newest()
    url = reverse("console:backups")
    if newest is None:
        lamp = "yellow" if settings.ZHENGTONG_DEMO else "red"
        yield Finding(_("备份"), lamp, _("还没有备份"), _("请运行 zhengtong backup，做法见运维手册。"), url)
        return
    hours = age_of(newest).total_seconds() / 3600
    text = _("最近一份 %(name)s，%(hours)d 小时以前") % {"name": newest.manifest.name, "hours": hours}
    advice = ""
    if hours > _BACKUP_HOURS:
        advice = _("超过 %(hours)d 小时没有备份，请查看后台日志。") % {"hours": _BACKUP_HOURS}
    elif newest.manifest.damaged:
        advice = _("系统里有 %(n)d 个文件缺失或者损坏，请从较早的备份取回。") % {"n": newest.manifest.damaged}
    elif installation.same_disk(store):
        advice = _("备份和数据在同一块磁盘上，请改到另一块磁盘（ZHENGTONG_BACKUP_TO）。")
    red = hours > _BACKUP_HOURS or newest.manifest.damaged
    yield Finding(_("备份"), "red" if red else "yellow" if advice else "green", text, advice, url)
    yield from _drill(store, url)


def _drill(store: Store, url: str) -> Iterator[Finding]:
    last = next(iter(store.reports()), None)
    if last is None:
        yield Finding(_("恢复演练"), "yellow", _("还没有演练过"), _("请运行 zhengtong restore-drill。"), url)
        return
    days = (recording_time() - dt.datetime.fromisoformat(last["at"])).days
    text = _("%(days)d 天前演练备份 %(name)s，恢复并核验用时 %(seconds)d 秒") % {
        "days": days,
        "name": last["set"],
        "seconds": last["total"],
    }
    advice = "" if last["ok"] else _("这份备份不可用：%(fault)s") % {"fault": last["faults"][0]}
    if not advice and days > _DRILL_DAYS:
        advice = _("超过 %(days)d 天没有演练，请运行 zhengtong restore-drill。") % {"days": _DRILL_DAYS}
    yield Finding(_("恢复演练"), "red" if not last["ok"] else "yellow" if advice else "green", text, advice, url)


def _unconfirmed() -> Iterator[Finding]:
    unsure = [parameter for _key, parameter in parameters.declared.items() if not parameter.confirmed]
    text = _("%(count)d 项参数待核实") % {"count": len(unsure)}
    yield Finding(_("业务参数"), "yellow" if unsure else "green", text, _("请对照依据原文核实后确定取值，见下表。"))


def _certificates() -> Iterator[Finding]:
    if trust.development_in_use(tenant=settings.ZHENGTONG_TENANT):
        text = _("正在使用开发测试证书，签章不具法律效力")
        yield Finding(_("电子印章证书"), "yellow", text, _("正式启用前请换为依法设立的电子认证机构签发的证书。"))
    ending = trust.expiring_certificates(tenant=settings.ZHENGTONG_TENANT)
    if not ending:
        yield Finding(_("证书有效期"), "green", _("没有 30 日内到期的证书"))
        return
    over = any(one.not_after <= now() for one in ending)
    text = _("%(count)d 张证书 30 日内到期或已经到期") % {"count": len(ending)}
    yield Finding(_("证书有效期"), "red" if over else "yellow", text, _("请在“数字证书”页面查看，并及时换发。"))


def _papers() -> Iterator[Finding]:
    found = documents.unsealed_papers(tenant=settings.ZHENGTONG_TENANT)
    if not found:
        yield Finding(_("应盖章的文书"), "green", _("没有未加盖电子印章的文书"))
        return
    text = "，".join(_("%(kind)s %(n)d 份") % {"kind": kind, "n": count} for kind, count in sorted(found.items()))
    advice = _("这些文书签发时还不能制作电子印章，请由签发单位在纸质件上盖章送达；接入认证机构以后签发的会自动盖章。")
    yield Finding(_("应盖章的文书"), "yellow", _("没有加盖电子印章：%(what)s") % {"what": text}, advice)


def _revocation_lists() -> Iterator[Finding]:
    lists = trust.revocation_lists()
    if not lists:
        return
    name, until = lists[0]
    over = until <= now()
    text = _("最早到期的是%(name)s的列表，有效至 %(until)s") % {"name": name, "until": cn_datetime(until)}
    advice = _("列表已经过期，签章查验会受影响；自己的列表请查看后台循环 trust_lists，外部的请重新导入。")
    yield Finding(_("证书撤销列表"), "red" if over else "green", text, advice if over else "")


def _certificate_files() -> Iterator[Finding]:
    files = {
        _("网站 TLS 证书"): settings.ZHENGTONG_TLS_CERTIFICATE,
        _("上级平台证书"): settings.ZHENGTONG_UPPER_CERTIFICATE,
    }
    for name, path in files.items():
        if not path:
            continue
        try:
            ends = [one.not_valid_after_utc for one in load_pem_x509_certificates(Path(path).read_bytes())]
        except (OSError, ValueError):
            yield Finding(name, "red", _("文件 %(path)s 读不出证书") % {"path": path}, _("请检查路径和权限。"))
            continue
        # of certificates that overlap during a change the last one counts; a chain begins with the site's own
        end = max(ends) if path == settings.ZHENGTONG_UPPER_CERTIFICATE else ends[0]
        days = (end - recording_time()).days
        lamp = "red" if end <= recording_time() else "yellow" if days < _SOON_DAYS else "green"
        advice = _("请及时更换证书。") if lamp != "green" else ""
        yield Finding(
            name, lamp, _("有效至 %(end)s，还有 %(days)d 日") % {"end": cn_datetime(end), "days": days}, advice
        )


def _keys() -> Iterator[Finding]:
    """The secrets without which personal fields and keys cannot be read."""
    folder = Path(settings.ZHENGTONG_VAR) / "secrets"
    if not folder.is_dir():
        return  # they come by environment
    open_to_others = [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077]
    if open_to_others:
        text = _("其他用户也能读取：%(names)s") % {"names": "、".join(open_to_others)}
        yield Finding(_("密钥文件"), "red", text, _("请执行 chmod 600 状态目录/secrets/*。"))
    else:
        yield Finding(_("密钥文件"), "green", _("只有平台的用户能读取"))


_CHECKS: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    ("维护模式", running.maintenance_mode),
    ("数据库", _database),
    ("版本", running.versions),
    ("访问安全", _transport),
    ("进程", running.processes),
    ("后台循环", running.loops),
    ("后台任务", running.jobs),
    ("事件投递", running.outbox),
    ("通知", _messages),
    ("系统时间", running.clock),
    ("工作日历", _calendar),
    ("网页定时", _site_moments),
    ("网站监测", _site_inspection),
    ("责任认定账本", _ledger),
    ("磁盘", _disk),
    ("备份", _backup),
    ("电子印章证书", _certificates),
    ("应盖章的文书", _papers),
    ("证书撤销列表", _revocation_lists),
    ("证书文件", _certificate_files),
    ("密钥文件", _keys),
    ("业务参数", _unconfirmed),
)
