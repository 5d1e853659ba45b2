import pytest

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in

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
