"""Maintenance: visitors read why and until when, its keeper works on, nobody is blamed, and it needs no database."""

import argparse
import datetime as dt
import json
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry import worker
from zhengtong.entry.backup import installation
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.commands import upgrade
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.entry.upkeep import maintenance, switching, upgrading
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import recording_time
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.systems.supervision.models import Outage

pytestmark = pytest.mark.django_db
TENANT = "980723"
REASON = "更换服务器硬盘"


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.ZHENGTONG_VAR = str(tmp_path)
    maintenance._forget()
    yield tmp_path
    maintenance._forget()


def on(**changes):
    until = recording_time() + dt.timedelta(hours=2)
    given = {"actor": system(TENANT), "until": until, "reason": REASON, "by": "命令行"}
    return switching.switch_on(**{**given, **changes})


def test_a_stranger_reads_why_until_when_and_that_nothing_is_lost(client, django_assert_num_queries):
    on()

    with django_assert_num_queries(0):
        answer = client.get("/items/")

    page = answer.content.decode()
    assert answer.status_code == 503
    assert 7000 < int(answer.headers["Retry-After"]) <= 7200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "系统维护中" in page
    assert REASON in page
    assert "预计" in page
    assert "都在" in page
    assert answer.headers["X-Request-ID"]


def test_a_program_gets_the_same_as_json(client):
    on()

    answer = client.get("/api/", headers={"Accept": "application/json"})

    assert answer.status_code == 503
    assert json.loads(answer.content) == {"error": "maintenance", "reason": REASON}


def test_of_four_actors_only_the_system_administrator_works_on(client):
    on()
    assert client.get("/console/").status_code == 503
    for person in (citizen(), official("somebody", "clerk"), official("safe", "sec_admin")):
        client.logout()
        sign_in(client, person)
        assert client.get("/").status_code == 503
        assert client.post("/console/maintenance/end/").status_code == 503

    client.logout()
    sign_in(client, official("keeper", "sys_admin"))
    assert client.get("/console/").status_code == 200
    assert client.get("/").status_code == 200
    assert "维护模式" in client.get("/console/").content.decode()


def test_the_way_in_and_the_probes_stay_open(client):
    on()

    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/metrics").status_code == 401


def test_it_holds_without_a_database(client, monkeypatch):
    on()
    sign_in(client, citizen())

    def gone(*_given, **_named):
        raise OperationalError("gone")

    monkeypatch.setattr("zhengtong.capabilities.identity.web.middleware._standing", gone)
    client.raise_request_exception = False

    answer = client.get("/")

    assert answer.status_code == 503
    assert REASON in answer.content.decode()


def test_a_fault_of_ours_is_shown_to_the_keeper(client, monkeypatch):
    on()
    sign_in(client, official("keeper", "sys_admin"))

    def broken(*_given):
        raise OperationalError("broken")

    monkeypatch.setattr("zhengtong.entry.console.views.installation.store_of", broken)
    client.raise_request_exception = False

    assert client.get("/console/backups/").status_code == 500


def test_while_tables_change_nobody_enters(client, state, django_assert_num_queries):
    begun = maintenance.begin(state, until=None, reason="升级", by="命令行", still=True)
    sign_in(client, official("keeper", "sys_admin"))

    with django_assert_num_queries(0):
        assert client.get("/console/").status_code == 503
        assert client.get("/accounts/login/").status_code == 503
    assert begun.retry_after == 600


def test_supervision_holds_what_passes_meanwhile_and_the_ledger_knows():
    begun = on()

    row = Outage.objects.get()
    assert str(row.id) == begun.outage
    assert (row.areas, row.ends_at, row.declared_by) == ([], None, "系统")
    assert REASON in row.reason

    switching.switch_off(actor=system(TENANT))

    row.refresh_from_db()
    assert row.starts_at < row.ends_at
    assert maintenance.current() is None
    entries = ledger.entries_of(ObjectRef(kind="maintenance", id=begun.since.isoformat()), TENANT)
    assert [entry.act for entry in entries] == ["operations.maintenance_began", "operations.maintenance_ended"]


def test_begun_without_a_database_it_is_declared_from_its_beginning_when_it_ends(state, monkeypatch):
    def gone(**_named):
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(switching.supervision, "declare_maintenance", gone)
        begun = on()
    assert begun.outage == ""
    assert not Outage.objects.exists()

    switching.switch_off(actor=system(TENANT))

    row = Outage.objects.get()
    assert abs((row.starts_at - begun.since).total_seconds()) < 1
    assert row.ends_at is not None


def test_where_the_end_cannot_be_recorded_it_stays_on(monkeypatch):
    on()

    def gone(**_named):
        raise OperationalError("gone")

    monkeypatch.setattr(switching.supervision, "end_maintenance", gone)

    with pytest.raises(DomainError, match="维护模式没有结束"):
        switching.switch_off(actor=system(TENANT))
    assert maintenance.current() is not None


def test_what_visitors_could_not_read_is_refused():
    with pytest.raises(Invalid) as refusal:
        on(reason=" ", until=recording_time() - dt.timedelta(minutes=1))
    assert set(refusal.value.errors) == {"reason", "until"}
    assert maintenance.current() is None

    on()
    with pytest.raises(Conflict):
        on()
    switching.switch_off(actor=system(TENANT))
    with pytest.raises(Conflict):
        switching.switch_off(actor=system(TENANT))


def test_a_file_that_cannot_be_read_is_maintenance_without_words(client, state):
    (state / "run").mkdir()
    (state / "run" / "maintenance.json").write_text("{half")

    answer = client.get("/")

    assert answer.status_code == 503
    assert "恢复时间尚未确定" in answer.content.decode()


def test_the_button_of_the_console(client):
    sign_in(client, official("keeper", "sys_admin"))

    refused = client.post("/console/maintenance/", {"reason": "", "until": "昨天"})
    assert refused.status_code == 200
    assert "2026-01-31 18:00" in refused.content.decode()
    begun = client.post("/console/maintenance/", {"reason": REASON, "until": "2099-01-31T18:00"}, follow=True)
    assert "结束维护" in begun.content.decode()
    assert maintenance.current().until.isoformat() == "2099-01-31T18:00:00+08:00"
    ended = client.post("/console/maintenance/end/", follow=True)
    assert "已经结束" in ended.content.decode()
    assert maintenance.current() is None


@pytest.mark.parametrize("address", ["/console/maintenance/", "/console/statements/"])
def test_these_pages_are_the_system_administrators_alone(client, address):
    assert client.get(address).status_code == 302
    for person in (citizen(), official("somebody", "clerk"), official("safe", "sec_admin")):
        client.logout()
        sign_in(client, person)
        assert client.get(address).status_code == 403
        assert client.post(f"{address}reset/").status_code in {403, 404}
    client.logout()
    sign_in(client, official("keeper", "sys_admin"))
    assert client.get(address).status_code == 200


def test_statements_are_put_back_to_nothing_by_who_keeps_them(client):
    sign_in(client, official("keeper", "sys_admin"))

    page = client.post("/console/statements/reset/", follow=True).content.decode()

    assert "已经清零" in page


def test_loops_that_act_because_a_moment_has_come_stand_still(state):
    maintenance.begin(state, until=None, reason=REASON, by="命令行")
    ran: list[str] = []

    class Once:
        def __init__(self):
            self.asked = 0

        def is_set(self):
            self.asked += 1
            return self.asked > 3

        def wait(self, _seconds):
            return False

    def fn(name):
        def run():
            ran.append(name)
            return 0

        return run

    watch = SimpleNamespace(steady=lambda: True)
    for timed in (True, False):
        loop = worker.Loop("timed" if timed else "plain", fn("timed" if timed else "plain"), 0.01, timed)
        worker._run(loop, Once(), watch)

    assert set(ran) == {"plain"}
    assert not worker.stands_still()


@pytest.mark.parametrize("on_before", [False, True])
def test_an_upgrade_whose_back_up_failed_leaves_maintenance_as_it_was(state, monkeypatch, on_before):
    if on_before:
        on()
    folder = StateFolder(state)
    before = upgrading.stand_still(folder, print)
    upgrade._record(folder)
    monkeypatch.setattr(installation, "key_of", lambda _state: (Key.new(), False))

    def full(*_given, **_named):
        raise BackupProblem("备份目录所在的磁盘已满。")

    monkeypatch.setattr(upgrading, "back_up", full)
    with pytest.raises(BackupProblem):
        upgrade._backed_up(folder, argparse.Namespace(backed_up=False, to=""), before)

    assert maintenance.read(state) == before
    assert (Outage.objects.get().ends_at is None) is on_before
