"""Why something did not work, in a Chinese sentence, and the last failure of each job."""

import collections
import contextlib
import json
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from zhengtong.kernel import tracing
from zhengtong.kernel.clock import recording_time
from zhengtong.kernel.errors import DomainError

_MOST: Final = 500
_LONGEST: Final = 300
#: a name in the chain of an exception's classes → what it means
_MEANINGS: Final = {
    "ConnectionRefusedError": "对方拒绝连接，服务可能没有启动",
    "gaierror": "找不到对方的地址（域名解析失败）",
    "SSLError": "对方的 TLS 证书不受信任或者握手失败",
    "TimeoutError": "等待对方应答超时",
    "SMTPAuthenticationError": "发信服务器不接受用户名或者密码",
    "SMTPException": "发信服务器拒绝",
    "ConnectionError": "与对方的连接中断",
    "LockNotAvailable": "等不到数据库的锁",
    "QueryCanceled": "数据库语句超过时限，已取消",
    "DeadlockDetected": "与另一个事务互相等待，已取消",
    "DiskFull": "数据库所在的磁盘已满",
    "InsufficientPrivilege": "数据库角色没有这项权限",
    "UndefinedTable": "数据表不存在，数据库还没有升级",
    "UndefinedColumn": "数据列不存在，数据库还没有升级",
    "OperationalError": "数据库连接不上或者中断",
    "IntegrityError": "与已有的数据冲突",
    "DatabaseError": "数据库出错",
    "FileNotFoundError": "缺少文件",
    "PermissionError": "没有读写文件的权限",
    "MemoryError": "内存不足",
    "ObjectDoesNotExist": "要处理的数据不存在",
    "TaskNotFound": "程序里没有这种任务，可能来自另一个版本",
    "LookupError": "缺少所需的登记或者设置",
    "OSError": "系统调用失败",
    "ValueError": "内容不符合要求",
    "TypeError": "程序出错：参数不对",
    "AssertionError": "程序出错：内部检查没有通过",
}
_DISK_FULL: Final = 28


def sentence(error: BaseException) -> str:
    """What happened, for who keeps the platform; personal data stay in the log, which few may read."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, OSError) and error.errno == _DISK_FULL:
        return "磁盘已满"
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    # the cause that a library hides behind its own error says more
    for one in reversed(chain):
        for kind in type(one).__mro__:
            if kind.__name__ in _MEANINGS:
                return f"{_MEANINGS[kind.__name__]}（{type(one).__name__}）"
    return f"程序出错（{type(error).__name__}），详细情况见后台日志"


def sentence_of_text(text: str) -> str:
    """The same of an error that was kept as text (a traceback, or its last line)."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return ""
    name = re.split(r"[:\s]", lines[-1].strip(), maxsplit=1)[0].rsplit(".", 1)[-1]
    meaning = _MEANINGS.get(name)
    return f"{meaning}（{name}）" if meaning else f"程序出错（{name[:60]}），详细情况见后台日志"


class Failures:
    """The last failure of each job, in a file of the state folder: the queue itself keeps no reasons."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def words(self, error: BaseException) -> str:
        """The sentence, and the number under which the log has the rest."""
        number = tracing.number()
        return sentence(error)[:_LONGEST] + (f"；日志编号 {number}" if number else "")

    def kept(self, call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
        """A middleware of the worker: lines of the log name the job, and its failure is kept until it succeeds."""
        job = context.job
        with tracing.within(f"job:{job.id}"):
            try:
                result = call_next()
            except Exception as error:
                self._keep(str(job.id), {"task": job.task_name, "why": self.words(error)})
                raise
            self._forget(str(job.id))
            return result

    def known(self) -> dict[str, dict[str, str]]:
        """Job number → task, sentence (``why``) and moment (``at``)."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def _path(self) -> Path:
        return Path(settings.ZHENGTONG_VAR) / "run" / "job-failures.json"

    def _keep(self, number: str, words: dict[str, str]) -> None:
        with self._lock, contextlib.suppress(OSError):
            rows = collections.OrderedDict(self.known())
            rows.pop(number, None)
            rows[number] = words | {"at": recording_time().isoformat()}
            while len(rows) > _MOST:
                rows.popitem(last=False)
            self._write(rows)

    def _forget(self, number: str) -> None:
        if not self._path.exists():
            return
        with self._lock, contextlib.suppress(OSError):
            rows = self.known()
            if rows.pop(number, None) is not None:
                self._write(rows)

    def _write(self, rows: dict[str, dict[str, str]]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        partial.replace(self._path)


failures = Failures()
