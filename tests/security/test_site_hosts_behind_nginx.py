"""nginx by our own configuration sends what stands on the shelf under the host of its site, and nothing elsewhere."""

import contextlib
import http.client
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.test.client import ClientHandler

from benchmarks.web_servers import nginx
from faults.town import free_port
from zhengtong.entry.commands.nginx import configuration, page_headers
from zhengtong.entry.shelved import Shelved
from zhengtong.systems.sites.models import GovernmentSite, OldHost
from zhengtong.systems.sites.selectors import hosts
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.tests import group as town

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (shutil.which("nginx") or Path("/usr/sbin/nginx").exists()), reason="needs nginx"),
]
HOST, MAIN = "www.market.gov.cn", "zw.qinghe.gov.cn"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where nginx, which gives up its rights, may read."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def sites(folder: Path, settings: Any) -> Iterator[dict[str, GovernmentSite]]:
    """A group of which one site has a host and one only had one; both shelves are filled."""
    settings.ZHENGTONG_SITES_SHELF = str(folder / "pages")
    settings.ZHENGTONG_BASE_URL, settings.ALLOWED_HOSTS = f"http://{MAIN}", [MAIN]
    found = town.group()
    GovernmentSite.objects.filter(code="g22").update(host=HOST)
    OldHost.objects.create(tenant=found["g08"].tenant, site=found["g08"], host="old.civil.gov.cn")
    hosts.forget()
    editions.follow()
    layer = Shelved(lambda environ, start: _django(environ, start))
    for host, path in ((HOST, "/"), (HOST, "/news/"), (HOST, "/rss.xml"), (MAIN, "/gov/g08/")):
        environ = RequestFactory()._base_environ(PATH_INFO=path, HTTP_HOST=host)  # type: ignore[attr-defined]  # Django's own
        environ.pop("HTTP_COOKIE")
        assert b"".join(layer(environ, lambda *_told: None))
    yield found
    hosts.forget()


def _django(environ: dict[str, Any], start: Any) -> list[bytes]:
    answer = ClientHandler()(environ)
    start(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [bytes(answer.content)]  # type: ignore[attr-defined]  # its stubs say less than it is


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("nginx does not listen")


def _ask(port: int, host: str, path: str) -> tuple[int, dict[str, str], bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path, headers={"Host": host})
    answer = line.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read()
    line.close()
    return told


def test_under_its_host_a_site_is_sent_without_the_platform(sites: dict[str, GovernmentSite], folder: Path) -> None:
    port, nobody = free_port(), free_port()
    text = configuration(f"127.0.0.1:{nobody}", f"127.0.0.1:{port}")
    # nobody listens behind nginx: whatever is passed on comes back as 502
    with nginx(folder / "nginx", text, processes=1):
        _wait_for(port)
        for path in ("/", "/news/", "/rss.xml"):
            status, told, body = _ask(port, HOST, path)
            assert (status, "青禾县市场监督管理局".encode() in body) == (200, True), path
            assert {name: told.get(name) for name, _text in page_headers()} == dict(
                page_headers(forms=f"http://{MAIN}")
            )
        assert _ask(port, MAIN, "/gov/g08/")[0] == 200
        for host, path in (
            (MAIN, "/"),
            (MAIN, "/gov/g22/"),
            (MAIN, "/gov/g22/news/"),
            (HOST, "/gov/g08/"),
            (HOST, "/gov/g22/"),
            (HOST, "/?page=2"),
            (HOST, "/none/"),
            (HOST, "/accounts/login/"),
            ("old.civil.gov.cn", "/"),
            ("unknown.gov.cn", "/"),
            ("unknown.gov.cn", "/news/"),
        ):
            assert _ask(port, host, path)[0] == 502, (host, path)

        # the host is taken away, nginx has not been told yet: nothing of before is sent
        GovernmentSite.objects.filter(code="g22").update(host="")
        editions.renew("980723")
        editions.follow()
        assert _ask(port, HOST, "/")[0] == 502
