import pytest

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.entry.simulator import service
from zhengtong.kernel import simulation

pytestmark = pytest.mark.django_db


def test_health_page_names_every_part_and_the_unconfirmed_parameters(client):
    sign_in(client, official("keeper", "sys_admin"))

    page = client.get("/console/").content.decode()

    for name in ("数据库", "事件投递", "后台任务", "邮件", "责任认定账本", "磁盘", "业务参数"):
        assert name in page
    assert "待核实" in page
    assert "黄灯起点" in page


@pytest.mark.parametrize("role", ["clerk", "leader", "supervisor"])
def test_others_do_not_see_it(client, role):
    sign_in(client, official("somebody", role))

    assert client.get("/console/").status_code == 403


def test_strangers_and_citizens_do_not_see_it(client):
    assert client.get("/console/").status_code == 302

    sign_in(client, citizen())
    assert client.get("/console/").status_code == 403


@pytest.mark.parametrize("address", ["/console/demo/", "/console/demo/progress/"])
def test_the_progress_of_the_demonstration_is_for_who_keeps_it(client, address):
    assert client.get(address).status_code == 302
    for other in (citizen(), official("somebody", "clerk")):
        sign_in(client, other)
        assert client.get(address).status_code == 403
        assert client.post("/console/demo/year/").status_code == 403

    sign_in(client, official("keeper", "sys_admin"))
    assert client.get(address).status_code == 200


def test_a_year_is_asked_for_once_and_its_progress_shown(client, settings, tmp_path, monkeypatch):
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CLOCK_FILE = True, str(tmp_path / "clock")
    monkeypatch.setattr(service.ledger, "may_simulate", lambda: True)
    monkeypatch.setattr(simulation, "_known", (float("-inf"), None, None))
    sign_in(client, official("keeper", "sys_admin"))

    assert "生成一年的办件" in client.get("/console/demo/").content.decode()
    client.post("/console/demo/year/")
    client.post("/console/demo/year/")

    assert simulation.Simulation.objects.count() == 1
    page = client.get("/console/demo/").content.decode()
    assert "共 20000 件" in page
    assert "生成一年的办件" not in page


def test_an_installation_in_earnest_simulates_nothing(client, settings):
    settings.ZHENGTONG_DEMO = False
    sign_in(client, official("keeper", "sys_admin"))

    assert "正式环境没有演示数据" in client.get("/console/demo/").content.decode()
    page = client.post("/console/demo/year/", follow=True).content.decode()
    assert "正式环境不能生成模拟数据" in page
    assert not simulation.Simulation.objects.exists()
