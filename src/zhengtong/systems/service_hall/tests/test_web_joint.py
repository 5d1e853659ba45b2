"""The joint review: one branch returned, one transferred, one with a signer more; nothing said is lost."""

import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules.joint import Said, change_words, pieces, summary
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hall_county")]


@pytest.fixture
def row() -> Application:
    return hall.submitted(factories.citizen("张一"))


def address(row: Application, name: str = "") -> str:
    if name:
        return reverse("service_hall:joint_act", args=[hall.case_id(row), name])
    return reverse("service_hall:joint", args=[hall.case_id(row)])


def page_of(client: Client, row: Application) -> str:
    return client.get(address(row)).content.decode()


def view_of(row: Application) -> cases.CaseView:
    return cases.case_view(actor=system(hall.TENANT), case_id=hall.case_id(row))


def boss(code: str) -> Actor:
    return hall.clerk(code, "leader")


def test_one_returns_another_transfers_a_third_adds_a_signer_and_nothing_is_lost(
    row: Application, hall_county: time_machine.Traveller
) -> None:
    hall.do(hall.clerk(), row, "accept", "accept")
    sign = hall.task_of(row, "review_signboard")
    hall.do(hall.clerk("H05"), row, "review_fire", "disagree", opinion="疏散通道宽度不足")

    # 城管 transfers its task to 住建, which then has two
    hall.clerk("G10")
    cases.transfer_step(actor=boss("G11"), work_item_id=sign.id, org_code="G10", reason="招牌由住建统一审查")
    # 烟草 asks 消防 to sign as well before it
    tobacco = hall.task_of(row, "review_tobacco")
    cases.add_signer(
        actor=hall.clerk("H04"),
        work_item_id=tobacco.id,
        org_code="H05",
        where="before",
        reason="请核对储存条件",
        command_key="add",
    )
    signer = next(item for item in view_of(row).open_items if item.adhoc)
    do(hall.clerk("H05"), signer, "agree", "储存条件符合")
    hall.do(hall.clerk("H04"), row, "review_tobacco", "agree", opinion="布局合理")
    hall.do(hall.clerk("G10"), row, "review_housing", "agree", opinion="房屋安全")
    hall.do(hall.clerk("G10"), row, "review_signboard", "agree", opinion="招牌符合要求")
    # the leader of the lead unit returns the branch of 消防 alone
    decide = hall.task_of(row, "decide")
    hall_county.shift(60)
    cases.return_branch(
        actor=hall.clerk("G22", "leader"),
        work_item_id=decide.id,
        node="review_fire",
        reason="申请人已经整改，请复查",
        command_key="back",
    )

    assert [item.node for item in view_of(row).open_items] == ["review_fire"]
    hall.do(hall.clerk("H05"), row, "review_fire", "agree", opinion="复查：疏散通道宽度符合要求")

    said = [one.text for one in view_of(row).opinions if one.text]
    for text in ("疏散通道宽度不足", "储存条件符合", "布局合理", "房屋安全", "招牌符合要求", "申请人已经整改，请复查"):
        assert text in said
    assert [item.node for item in view_of(row).open_items] == ["decide"]
    shown = page_of(hall.signed_in(hall.clerk("G22", "leader")), row)
    assert "5 个部门审查，5 个已提出意见" in shown  # four branches and the signer that was added
    assert "以前的意见（1 轮，保留）" in shown
    assert "疏散通道宽度不足" in shown
    assert "申请人已经整改，请复查" in shown
    assert "结论由“不同意”改为“同意”，意见改写" in shown
    assert "前加签" in shown
    assert "住房和城乡建设局" in shown
    hall.do(hall.clerk("G22", "leader"), row, "decide", "approve")


def do(actor: Actor, item: cases.WorkItemView, outcome: str, opinion: str) -> None:
    cases.complete_step(
        actor=actor, work_item_id=item.id, outcome=outcome, opinion=opinion, command_key=uuid.uuid4().hex
    )


def test_strangers_sign_in_citizens_and_outsiders_see_nothing_participants_and_watchers_read(row: Application) -> None:
    hall.do(hall.clerk(), row, "accept", "accept")
    outsider = factories.official("outsider", "clerk", org_code="X01", org_name="青禾县档案馆", name="王五")

    assert Client().get(address(row)).status_code == 302
    assert hall.signed_in(factories.citizen("李二", phone="13800000002")).get(address(row)).status_code == 403
    assert hall.signed_in(outsider).get(address(row)).status_code == 404
    for reader in (hall.clerk(), hall.clerk("H05"), hall.watcher()):
        assert hall.signed_in(reader).get(address(row)).status_code == 200
    for name in ("urge", "return"):
        assert Client().post(address(row, name)).status_code == 302
        assert hall.signed_in(outsider).post(address(row, name)).status_code == 404
        assert hall.signed_in(hall.watcher()).post(address(row, name)).status_code == 403


def test_the_lead_unit_urges_on_the_page_and_not_twice_in_a_day(row: Application) -> None:
    hall.do(hall.clerk(), row, "accept", "accept")
    task = hall.task_of(row, "review_fire")
    client = hall.signed_in(hall.clerk())

    assert "催办" in page_of(client, row)
    long = client.post(address(row, "urge"), {"work_item": str(task.id), "reason": "长" * 501})
    assert (long.status_code, "长" * 501 in long.content.decode()) == (422, True)
    first = client.post(address(row, "urge"), {"work_item": str(task.id), "reason": "请抓紧"})
    second = client.post(address(row, "urge"), {"work_item": str(task.id), "reason": "再次提醒"})

    assert first.status_code == 302
    assert second.status_code == 409
    assert "刚刚已经催办过" in second.content.decode()
    other = hall.signed_in(hall.clerk("G10"))
    assert "催办" not in page_of(other, row)
    refused = other.post(address(row, "urge"), {"work_item": str(task.id)})
    assert refused.status_code == 422


def test_many_branches_ask_no_more_than_one(row: Application) -> None:
    hall.do(hall.clerk(), row, "accept", "accept")
    client = hall.signed_in(hall.clerk())

    def asked() -> int:
        page_of(client, row)
        with CaptureQueriesContext(connection) as taken:
            page_of(client, row)
        return len(taken)

    many = asked()
    for code, node in (("H05", "review_fire"), ("G11", "review_signboard"), ("G10", "review_housing")):
        hall.do(hall.clerk(code), row, node, "agree", opinion="符合要求")

    assert len(list(view_of(row).open_items)) == 1
    assert many <= asked() + 2, "the first opinion asks for who said it"


def test_a_branch_is_returned_on_the_page_with_a_reason(row: Application, hall_county: time_machine.Traveller) -> None:
    hall.reviewed(row)
    hall_county.shift(60)
    client = hall.signed_in(hall.clerk("G22", "leader"))
    decide = hall.task_of(row, "decide")
    typed = {"work_item": str(decide.id), "node": "review_fire", "item": "", "command_key": "k"}
    assert "只退回这一个分支" in page_of(client, row)

    empty = client.post(address(row, "return"), typed | {"reason": " "})
    assert empty.status_code == 422
    assert "请写明退回的理由" in empty.content.decode()
    assert client.post(address(row, "return"), typed | {"reason": "请复查"}).url == address(row)

    shown = page_of(client, row)
    assert "退回后重新审查" in shown
    assert "请复查" in shown
    assert "3 个已提出意见，1 个还在办理" in shown


def test_what_is_late_is_said(row: Application, hall_county: time_machine.Traveller) -> None:
    hall.do(hall.clerk(), row, "accept", "accept")
    hall_county.shift(60 * 60 * 24 * 9)

    shown = page_of(hall.signed_in(hall.clerk()), row)

    assert "已超过时限" in shown
    assert "2 个已超过时限" in shown


def test_an_act_on_the_tasks_page_leads_back_but_never_away_from_the_platform(row: Application) -> None:
    hall.do(hall.clerk(), row, "accept", "accept")
    task = hall.task_of(row, "review_fire")
    client = hall.signed_in(hall.clerk("H05"))
    assert f"back={address(row).replace('/', '%2F')}" in page_of(client, row)
    claim = reverse("tasks:act", args=[task.id, "claim"])

    assert client.post(claim, {"back": "https://example.cn/"}).url == reverse("tasks:task", args=[task.id])
    release = reverse("tasks:act", args=[task.id, "release"])
    assert client.post(release, {"back": address(row), "reason": ""}).url == address(row)


def test_materials_are_given_once_for_all(row: Application) -> None:
    shown = page_of(hall.signed_in(hall.clerk()), row)

    assert "还没有进入审查" in shown
    assert "房屋租赁合同" in shown
    assert "全部审查部门" in shown


def test_words_for_what_changed() -> None:
    before = Said("岗 甲", "不同意", "通道过窄")

    assert change_words(before, Said("岗 甲", "同意", "通道合格")) == "结论由“不同意”改为“同意”，意见改写。"
    assert change_words(before, Said("岗 乙", "不同意", "通道过窄")) == (
        "结论没有变（不同意），意见文字没有变，经办人由岗 甲改为岗 乙。"
    )
    assert [(one.kind, one.text) for one in pieces("经核查，通道过窄。", "经核查，通道合格。")] == [
        ("kept", "经核查，"),
        ("removed", "通道过窄。"),
        ("added", "通道合格。"),
    ]
    assert pieces("同", "同") == ()
    assert summary(["done", "open", "cancelled"], 1) == "2 个部门审查，1 个已提出意见，1 个还在办理，1 个已超过时限。"
    assert summary([], 0) == "还没有部门在审查。"


def test_a_returned_branch_cannot_be_returned_twice_at_once(row: Application) -> None:
    hall.reviewed(row)
    leader, decide = hall.clerk("G22", "leader"), hall.task_of(row, "decide")
    cases.return_branch(actor=leader, work_item_id=decide.id, node="review_fire", reason="请复查", command_key="one")

    with pytest.raises(Conflict):
        cases.return_branch(
            actor=leader, work_item_id=decide.id, node="review_housing", reason="请复查", command_key="two"
        )
