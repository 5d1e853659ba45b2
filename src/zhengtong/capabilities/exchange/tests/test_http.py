"""Over the wire: the HTTP way and the server of the simulated upper platform, with its settings and its faults."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import PackageState
from zhengtong.capabilities.exchange.engine.folder_store import FolderStore
from zhengtong.capabilities.exchange.engine.upper_server import UpperServer
from zhengtong.capabilities.exchange.models import ReportStream
from zhengtong.capabilities.exchange.plugins.http import HttpUpper
from zhengtong.capabilities.exchange.tests.upper import CODE, TENANT, Reporting
from zhengtong.kernel.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(reporting: Reporting, settings: Any, tmp_path: Path) -> Iterator[UpperServer]:
    """The upper platform behind HTTP; it believes whom the county's page names."""
    believed: list[str] = []
    folder = tmp_path / "far"
    platform = api.simulated_platform(folder, trusted=lambda: believed)
    found = UpperServer(platform, host="127.0.0.1", port=0, clock=now)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    settings.ZHENGTONG_UPPER_WAY = "http"
    settings.ZHENGTONG_UPPER_URL = f"http://127.0.0.1:{found.port}"
    settings.ZHENGTONG_UPPER_CERTIFICATE = str(folder / "keys" / "certificate.pem")
    settings.ZHENGTONG_UPPER_TIMEOUT = 10.0
    yield found
    found.shut()
    thread.join(timeout=5)


def test_a_package_travels_and_lies_in_the_folder(reporting: Reporting, server: UpperServer, tmp_path: Path) -> None:
    reporting.change("a", "b")
    package = reporting.build()
    assert package is not None

    assert reporting.send() == 1

    package.refresh_from_db()
    assert package.state == PackageState.SETTLED
    again = FolderStore(tmp_path / "far" / "packages").load(TENANT, CODE)
    assert [kept.head.sequence for kept in again] == [1]
    assert again[0].manifest == package.manifest


def test_slow_cut_and_broken_answers_are_failures_that_double_nothing(
    reporting: Reporting, server: UpperServer, settings: Any
) -> None:
    reporting.change("a")
    package = reporting.build()
    assert package is not None
    faults, told = server.platform.faults, []

    settings.ZHENGTONG_UPPER_TIMEOUT = 0.05
    faults.slow = 30.0
    reporting.send()
    told.append(ReportStream.objects.get().last_error)
    settings.ZHENGTONG_UPPER_TIMEOUT = 10.0
    faults.slow, faults.down = 0.0, True
    reporting.send()
    told.append(ReportStream.objects.get().last_error)
    faults.down = False
    reporting.send()

    package.refresh_from_db()
    assert (package.state, package.attempts) == (PackageState.SETTLED, 3)
    assert "没有在规定时间内应答" in told[0]
    assert "HTTP 503" in told[1]
    assert [kept.head.sequence for kept in server.platform.store.load(TENANT, CODE)] == [1]


def test_nobody_at_the_address(reporting: Reporting, server: UpperServer) -> None:
    reporting.change("a")
    reporting.build()
    server.shut()

    reporting.send()

    assert "连不上上级平台" in ReportStream.objects.get().last_error


def test_the_upper_platform_believes_named_certificates_only(reporting: Reporting, tmp_path: Path) -> None:
    stranger = api.simulated_platform(tmp_path / "stranger", trusted=list)
    somebody = (tmp_path / "stranger" / "keys" / "certificate.pem").read_text(encoding="ascii")
    careful = api.simulated_platform(tmp_path / "upper", trusted=lambda: [somebody], store=reporting.store)
    assert stranger is not careful
    reporting.line.platform = careful
    reporting.change("a")
    package = reporting.build()
    assert package is not None

    reporting.send()

    package.refresh_from_db()
    assert (package.state, package.reason_code) == (PackageState.REJECTED, "SIGNATURE")


def test_settings_that_are_not_safe_are_refused_in_words(settings: Any, tmp_path: Path) -> None:
    way = HttpUpper()
    settings.ZHENGTONG_UPPER_CERTIFICATE = settings.ZHENGTONG_UPPER_CA = ""
    settings.ZHENGTONG_UPPER_URL = "http://upper.example/api"
    assert "必须以 https:// 开头" in way.problem()
    settings.ZHENGTONG_UPPER_URL = "https://upper.example/api"
    assert "没有设置上级平台的签名证书" in way.problem()
    settings.ZHENGTONG_UPPER_CERTIFICATE = str(tmp_path / "none.pem")
    assert "读不出来" in way.problem()
    (tmp_path / "none.pem").write_text("nothing", encoding="ascii")
    assert "没有 PEM 格式的证书" in way.problem()
    api.simulated_platform(tmp_path, trusted=list)
    settings.ZHENGTONG_UPPER_CERTIFICATE = str(tmp_path / "keys" / "certificate.pem")
    settings.ZHENGTONG_UPPER_CA = str(tmp_path / "no-ca.pem")
    assert "TLS 根证书" in way.problem()
    settings.ZHENGTONG_UPPER_CA = ""
    assert way.problem() == ""
    assert len(way.trusted()) == 1


def test_names_of_strangers_become_no_paths(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)

    assert store.load("..", "x") == []
    assert store.load("a/b", "x") == []
    assert store.load("980723", "..") == []
