"""What the measurement of the sites stands on: nginx, a plain Wagtail site, and wrk that asks them."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from faults.town import free_port

_NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
_MAIN = """
daemon off;
worker_processes {processes};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    open_file_cache off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


@contextlib.contextmanager
def nginx(folder: Path, servers: str, *, processes: int = 2) -> Iterator[None]:
    """nginx with these server blocks, until the end; RuntimeError with its words when it does not start."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(_MAIN.format(folder=folder, servers=servers, processes=processes), encoding="utf-8")
    tested = subprocess.run([_NGINX, "-t", "-c", str(config)], capture_output=True, text=True, check=False)
    if tested.returncode:
        raise RuntimeError(tested.stderr)
    process = subprocess.Popen([_NGINX, "-c", str(config)])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def granian(application: str, variables: Mapping[str, str], log: Path) -> Iterator[str]:
    """A WSGI application in two processes, as the platform starts its own; yields its address."""
    port = free_port()
    argv = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--no-ws", application,
    ]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(argv, env=os.environ | dict(variables), stdout=out, stderr=out)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/", log)
        yield base
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str, log: Path, *, seconds: float = 60) -> None:
    """Until the address answers with a page; RuntimeError with the end of the log after so long."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError):
            if fetch(address)[0] == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-3000:])


def fetch(address: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of an address, whatever the status."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def asked_by_wrk(address: str, *, clients: int, seconds: float) -> float:
    """Answers a second for so many clients that ask one after the other; RuntimeError when any was no page."""
    argv = ["wrk", "-t", "1", "-c", str(clients), "-d", f"{max(1, round(seconds))}s", "--timeout", "30s", address]
    told = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    bad, rate = _BAD.search(told), _RATE.search(told)
    if bad or not rate:
        raise RuntimeError(f"{address}: {told}")
    return float(rate[1])
