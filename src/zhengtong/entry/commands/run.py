"""``zhengtong run``: database, first content, web server and worker on one machine, until Ctrl-C."""

import argparse
import http.client
import signal
import subprocess
import sys
import time
import urllib.parse
from types import FrameType

from zhengtong.entry.runtime import ports
from zhengtong.entry.runtime.environment import Installation
from zhengtong.entry.runtime.preparation import prepare
from zhengtong.entry.runtime.progress import Progress
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.entry.runtime.supervisor import Child, Supervisor

HELP = "启动平台：数据库、网站和后台任务；按 Ctrl-C 全部停止"
DESCRIPTION = (
    "首次启动会初始化数据库、建立数据表；演示环境（ZHENGTONG_DEMO=1，make run 即是）还会装入演示数据，"
    "并把生成的账号显示一次。全部状态都在状态目录里。"
)
APPLICATION = "zhengtong.entry.wsgi:application"
_ANSWER_SECONDS = 120
_SERVER_ERROR = 500
_UNAVAILABLE = 503  # the page of maintenance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认 127.0.0.1，只有本机能访问）")
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000；被占用时用下一个空闲端口）")
    parser.add_argument("--web-processes", type=int, default=2, metavar="N", help="网站进程数（默认 2）")


def handle(args: argparse.Namespace) -> int:
    """Start everything, supervise, stop everything."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    progress = Progress()
    state = StateFolder.chosen(args.var)
    state.open(create=True)
    progress(f"状态目录：{state.path}")
    installation = Installation(state, say=progress)
    try:
        with state.preparing():
            installation.make_secrets()
            progress("正在启动数据库……" if installation.cluster else "使用外部数据库（DATABASE_URL）。")
            installation.connect()
            prepare(installation, progress)
        _sweep(state)
        return _serve(args, installation, progress)
    except KeyboardInterrupt:
        return 130
    finally:
        if installation.cluster:
            progress("正在停止数据库……")
        installation.disconnect()
        progress("已全部停止。")


def _serve(args: argparse.Namespace, installation: Installation, progress: Progress) -> int:
    state = installation.state
    other = state.running_address()
    reason = f"本平台的另一个实例（{other}）" if other.endswith(f":{args.port}") else ""
    port = ports.next_free(args.host, args.port, progress, reason=reason)
    address = f"http://{_reachable(args.host)}:{port}"
    supervisor = Supervisor(
        children(args.host, port, args.web_processes),
        environ=installation.process_environment(role="app", base_url=address),
        log_folder=state.logs,
        say=progress,
        watch=installation.look_after_database,
    )

    def announce(running: Supervisor) -> None:
        progress("正在启动网站和后台任务……")
        status = wait_for_answer(address, running)
        if status is None:
            return
        running.ready.set()
        state.note_address(address)
        _end_maintenance(installation, progress)
        if status >= _SERVER_ERROR and status != _UNAVAILABLE:
            progress(f"网站已启动，但首页出错（状态 {status}），原因见 {state.logs / 'web.log'}。")
        progress(f"政通已就绪，请用浏览器打开 {address}/ ；按 Ctrl-C 停止。日志：{state.logs}")

    try:
        return supervisor.run(announce=announce)
    finally:
        state.forget_address()


def _sweep(state: StateFolder) -> None:
    from zhengtong.entry.observing.pulse import sweep

    sweep(state.running)


def _end_maintenance(installation: Installation, progress: Progress) -> None:
    """Maintenance that was to last until this program runs (an upgrade) is over now."""
    from zhengtong.entry.upkeep import maintenance

    on = maintenance.read(installation.state.path)
    if on is None:
        return
    if not on.ends_with_start:
        progress("维护模式仍然开启，访问的人看到维护页面；结束时运行 zhengtong maintenance off。")
        return
    done = subprocess.run(
        [sys.executable, "-m", "zhengtong.entry.main", "maintenance", "off"],
        env=installation.process_environment(role="app"),
        check=False,
    )
    if done.returncode != 0:
        progress("维护模式没有结束，请按上面的提示处理后运行 zhengtong maintenance off。")


def children(host: str, port: int, web_processes: int) -> list[Child]:
    """The processes to keep running, in the order in which they are stopped."""
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(web_processes), "--blocking-threads", "1", "--no-ws", "--respawn-failed-workers",
        "--workers-kill-timeout", "8", APPLICATION,
    ]  # fmt: skip
    worker = [sys.executable, "-m", "zhengtong.entry.main", "worker"]
    return [Child("web", "网站服务", web), Child("worker", "后台任务", worker)]


def wait_for_answer(address: str, supervisor: Supervisor) -> int | None:
    """The HTTP status of the first page once the server answers; None when it stops or never answers."""
    where = urllib.parse.urlsplit(address)
    give_up = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < give_up and not supervisor.stopping.wait(0.1):
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()
    return None


def _reachable(host: str) -> str:
    """An address a browser on this machine can open."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104  (compared, not bound)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
