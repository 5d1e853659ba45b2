"""The figures, read by Prometheus' own parser; and who may read them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.entry.observing import figures
from zhengtong.entry.observing.exposition import Family
from zhengtong.entry.observing.pulse import pulse

pytestmark = pytest.mark.django_db
TOKEN = "a-long-token-of-a-monitoring-system"


def families(client, **headers):
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(answer.content.decode())}


@pytest.fixture
def bearer(settings):
    settings.ZHENGTONG_METRICS_TOKEN = TOKEN
    return {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}


@pytest.fixture
def beating(settings, tmp_path):
    """This process beats as a web process does."""
    settings.ZHENGTONG_VAR = str(tmp_path)
    pulse.begin("web", tmp_path / "run")
    yield
    pulse.end()


def test_the_parser_of_prometheus_reads_every_family(client, bearer, beating):
    client.get("/")
    client.get("/nowhere/")

    found = families(client, **bearer)

    for name in (
        "zhengtong_requests", "zhengtong_request_duration_seconds", "zhengtong_jobs", "zhengtong_outbox_lag_seconds",
        "zhengtong_ledger_unsealed", "zhengtong_deliveries", "zhengtong_cases_open", "zhengtong_cases_overdue",
        "zhengtong_disk_free_bytes", "zhengtong_processes", "zhengtong_maintenance", "zhengtong_database_up",
    ):  # fmt: skip
        assert found[name].samples, name
    assert found["zhengtong_database_up"].samples[0].value == 1
    assert {sample.labels["state"] for sample in found["zhengtong_jobs"].samples} == {"todo", "doing", "failed"}


def test_buckets_grow_to_the_count_of_all(client, bearer, monkeypatch):
    rows = {"requests": {"a\t2xx": [1, 2, 0, 0, 0, 0, 0, 0, 1, 9.5, 30], "a\t5xx": [0, 0, 1, 0, 0, 0, 0, 0, 0, 0.2, 4]}}
    monkeypatch.setattr(figures.pulse, "counts", lambda _folder: rows)

    found = families(client, **bearer)

    samples = found["zhengtong_request_duration_seconds"].samples
    buckets = [sample.value for sample in samples if sample.name.endswith("_bucket")]
    assert buckets == [1, 3, 4, 4, 4, 4, 4, 4, 5]
    assert [sample.value for sample in samples if sample.name.endswith("_count")] == [5]
    assert [sample.value for sample in samples if sample.name.endswith("_sum")] == [pytest.approx(9.7)]
    assert {(s.labels["status"], s.value) for s in found["zhengtong_requests"].samples} == {("2xx", 4), ("5xx", 1)}
    assert found["zhengtong_request_statements"].samples[0].value == 34


def test_labels_survive_every_sign():
    words = 'a "quoted"\\ word\nand a line'

    (family,) = text_string_to_metric_families(Family("x", "gauge", "words").add(1.5, label=words).text)

    assert family.samples[0].labels == {"label": words}
    assert family.samples[0].value == 1.5


def test_figures_of_processes_come_when_the_database_does_not(client, bearer, monkeypatch):
    from django.db import OperationalError

    def gone():
        raise OperationalError("gone")
        yield

    monkeypatch.setattr(figures, "_OF_DATABASE", (gone,))
    monkeypatch.setattr(figures.connection, "close", lambda: None)

    found = families(client, **bearer)

    assert found["zhengtong_database_up"].samples[0].value == 0
    assert "zhengtong_disk_free_bytes" in found


def actors(client):
    """A stranger, a citizen, an official of another office, the system administrator: no role opens the figures."""
    yield client
    for person in (citizen(), official("somebody", "clerk"), official("keeper", "sys_admin")):
        client.logout()
        yield sign_in(client, person)


def test_without_a_setting_nobody_reads_them_whoever_he_is(client):
    for one in actors(client):
        answer = one.get("/metrics")
        assert answer.status_code == 401
        assert b"zhengtong_" not in answer.content


def test_the_token_and_only_the_token_opens_them_to_anybody(client, bearer):
    for one in actors(client):
        assert one.get("/metrics").status_code == 401
        assert one.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 401
        assert one.get("/metrics", HTTP_AUTHORIZATION=f"Basic {TOKEN}").status_code == 401
        assert one.get(f"/metrics?token={TOKEN}").status_code == 401
        assert one.get("/metrics", **bearer).status_code == 200


def test_a_named_address_reads_them_directly_but_not_through_a_proxy(client, settings):
    settings.ZHENGTONG_METRICS_FROM = ["127.0.0.1"]

    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 401
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"):
        assert client.get("/metrics", **{header: "127.0.0.1"}).status_code == 401


def test_a_token_takes_the_place_of_addresses(client, settings, bearer):
    settings.ZHENGTONG_METRICS_FROM = ["127.0.0.1"]

    assert client.get("/metrics").status_code == 401


def test_probes_tell_a_stranger_yes_or_no_and_ask_for_no_host(client):
    for address in ("/healthz", "/readyz"):
        answer = client.get(address, HTTP_HOST="10.0.0.7:8000")
        assert answer.status_code == 200
        assert len(answer.content) < 20
    assert client.post("/healthz").status_code == 405


def test_a_machine_without_a_database_lives_but_is_not_ready(client, monkeypatch):
    from django.db import OperationalError

    from zhengtong.entry.observing import probes

    class Gone:
        def cursor(self):
            raise OperationalError("gone")

        def close(self):
            pass

    monkeypatch.setattr(probes, "connection", Gone())

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
