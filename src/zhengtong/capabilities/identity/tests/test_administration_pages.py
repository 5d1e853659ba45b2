"""The administrators at their pages: from a new official to his last day, and organisations by decree."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account, Appointment, Delegation, Person, RoleRequest
from zhengtong.capabilities.identity.tests import factories, office
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date

pytestmark = pytest.mark.django_db


def _client(actor: Actor) -> Client:
    return factories.sign_in(Client(), actor)  # type: ignore[no-any-return]  # a factory without types


def _text(response: Any) -> str:
    return html.unescape(response.content.decode())


def _at(name: str, *arguments: object) -> str:
    return reverse(f"administration:{name}", args=arguments)


def test_a_new_official_comes_in_three_steps() -> None:
    keeper, guard, auditor = (
        _client(office.system_administrator()),
        _client(office.security_administrator()),
        _client(office.audit_administrator()),
    )
    factories.organisation()

    keeper.post(_at("add_post", "G22"), {"title": "窗口岗"})
    post = api.create_post(actor=system(factories.tenant()), organisation_code="G22", title="窗口岗")
    keeper.post(_at("request_role", post), {"act": "grant", "role": "clerk", "scope": "", "reason": "三定方案"})
    made = keeper.post(_at("add_person"), {"name": "赵新", "username": "zhao.xin", "phone": "13800000009"})
    password = re.search(r"一次性密码</dt>\s*<dd>\s*<code>(.+?)</code>", _text(made))
    person = Person.objects.get(name="赵新")
    keeper.post(_at("appoint", person.id), {"post": str(post), "reason": "任命文件"})

    assert password
    assert Account.objects.get(username="zhao.xin").check_password(password[1])
    assert api.find_actor("zhao.xin").kind == "citizen"
    listed = _text(guard.get(_at("requests") + "?state=pending"))
    assert "赵新任青禾县市场监督管理局 窗口岗" in listed
    for request in RoleRequest.objects.order_by("created_at"):
        answer = guard.post(_at("decide", request.id), {"decision": "approve", "answer": "同意"}, follow=True)
        assert "已批准，立即生效" in _text(answer)
    actor = api.find_actor("zhao.xin")
    assert (actor.roles, actor.post_name) == ({"clerk"}, "窗口岗")
    seen = _text(auditor.get(_at("request", RoleRequest.objects.order_by("created_at")[0].id)))
    assert "申请权限" in seen
    assert "批准权限申请" in seen
    assert "提交审批" not in seen


def test_lists_mask_and_the_clear_data_are_a_read_with_a_purpose() -> None:
    keeper = office.system_administrator()
    person_id = api.create_staff(actor=system(keeper.tenant), name="钱二", phone="13812345678")
    client = _client(keeper)

    listed = _text(client.get(_at("people")))
    page = _text(client.get(_at("person", person_id)))
    refused = client.post(_at("read", person_id), {"purpose": ""})
    opened = _text(client.post(_at("read", person_id), {"purpose": "核对联系方式"}))

    assert "138****5678" in listed
    assert "13812345678" not in listed + page + _text(refused)
    assert refused.status_code == 422
    assert "13812345678" in opened
    reads = ledger.entries_of(ObjectRef(kind="person", id=str(person_id)), keeper.tenant)
    assert [(row.act, row.purpose) for row in reads][-1] == ("identity.contact_read", "核对联系方式")
    assert len([row for row in reads if row.act == "identity.contact_read"]) == 1


def test_the_page_of_the_heir_comes_before_anything_happens(work: office.Work) -> None:
    clerk = factories.official("clerk", "clerk", post="窗口岗")
    factories.organisation("G23", "青禾县财政局")
    assert clerk.org_id
    work.of_organisations[clerk.org_id] = 7
    client = _client(office.system_administrator())
    given = {"successor": "G23", "effective_on": local_date().isoformat(), "document_number": "青编发〔2026〕3号"}

    form = _text(client.get(_at("merge", "G22")))
    preview = _text(client.post(_at("merge", "G22"), given))

    assert "7 件" in form
    assert "谁承接" in preview
    assert "青禾县财政局" in preview
    assert "7 件" in preview
    assert api.organisation(clerk.tenant, "G22").status == "active"
    done = client.post(_at("merge", "G22"), {**given, "confirmed": "on"}, follow=True)
    assert "并入青禾县财政局" in _text(done)
    assert api.organisation(clerk.tenant, "G22").status == "abolished"
    assert api.find_actor("clerk").org_code == "G23"


def test_an_abolition_without_anything_left_needs_no_heir_and_a_refusal_keeps_what_was_typed() -> None:
    factories.organisation("G24", "青禾县小局")
    client = _client(office.system_administrator())
    given = {"successor": "", "effective_on": "2099-01-01", "document_number": "青编发〔2026〕4号", "confirmed": "on"}

    refused = client.post(_at("abolish", "G24"), given)
    done = client.post(_at("abolish", "G24"), {**given, "effective_on": local_date().isoformat()}, follow=True)

    assert refused.status_code == 422
    assert "生效日期还没有到" in _text(refused)
    assert "青编发〔2026〕4号" in _text(refused)
    assert "撤销" in _text(done)
    listed = _text(client.get(_at("organisations")))
    assert "青禾县小局" not in listed
    assert "青禾县小局" in _text(client.get(_at("organisations") + "?abolished=1"))


def test_rename_move_and_found_from_their_pages() -> None:
    factories.organisation("C01", "青禾县人民政府")
    factories.organisation("G24", "青禾县小局")
    client = _client(office.system_administrator())
    decree = {"effective_on": local_date().isoformat(), "document_number": "青编发〔2026〕5号", "reason": ""}

    client.post(_at("rename", "G24"), {"name": "青禾县大局", "short_name": "大局", **decree})
    client.post(_at("move", "G24"), {"parent": "C01", **decree})
    client.post(_at("found"), {"code": "G25", "name": "青禾县新局", "parent": "C01", "split_from": "G24", **decree})

    page = _text(client.get(_at("organisation", "G24")))
    assert "由“青禾县小局”更名为“青禾县大局”" in page
    assert "改隶属于青禾县人民政府" in page
    assert "由青禾县大局分设" in _text(client.get(_at("organisation", "G25")))
    assert api.organisation(factories.tenant(), "G25").path == "/C01/G25/"


def test_the_end_of_an_appointment_asks_for_the_receiver(work: office.Work) -> None:
    leaver = factories.official("leaver", "clerk", name="李走")
    colleague = factories.official("colleague", "clerk", name="王接")
    assert leaver.person_id
    assert leaver.org_id
    work.of_people[leaver.person_id, leaver.org_id] = 2
    client = _client(office.system_administrator())
    address = _at("end", leaver.person_id, leaver.post_id)

    assert "2 件" in _text(client.get(address))
    refused = client.post(address, {"receiver": "", "reason": "调离"})
    assert refused.status_code == 422
    done = client.post(address, {"receiver": str(colleague.person_id), "reason": "调离"}, follow=True)

    assert "任职已结束" in _text(done)
    assert "现在没有岗位" in _text(done)
    assert work.of_people == {(colleague.person_id, colleague.org_id): 2}


def test_accounts_are_locked_opened_closed_and_given_a_password() -> None:
    clerk = factories.official("clerk", "clerk", name="李二")
    account = factories.account_of(clerk).pk
    keeper, guard = _client(office.system_administrator()), _client(office.security_administrator())

    keeper.post(_at("account_act", account, "lock"), {"reason": "可疑登录"})
    assert "已锁定" in _text(guard.get(_at("accounts") + "?state=locked"))
    refused = keeper.post(_at("account_act", account, "unlock"), {"reason": "可疑登录"})
    assert "安全管理员" in _text(refused)
    guard.post(_at("account_act", account, "unlock"), {"reason": "已核实"})
    keeper.post(_at("account_act", account, "disable"), {"reason": "停职"})
    assert "李二" in _text(guard.get(_at("accounts") + "?state=disabled"))
    guard.post(_at("account_act", account, "enable"), {"reason": "复职"})
    shown = keeper.post(_at("account_act", account, "reset-password"), {"reason": "本人到场"})

    password = re.search(r"一次性密码</dt>\s*<dd>\s*<code>(.+?)</code>", _text(shown))
    assert password
    row = Account.objects.get(pk=account)
    assert row.check_password(password[1])
    assert (row.is_active, row.locked_until) == (True, None)
    assert keeper.get(_at("account_act", account, "nonsense")).status_code == 404


def test_roles_are_asked_for_and_taken_away_on_the_page_of_the_post() -> None:
    clerk = factories.official("clerk", "clerk")
    keeper, guard = _client(office.system_administrator()), _client(office.security_administrator())

    page = _text(guard.get(_at("post", clerk.post_id)))
    done = guard.post(_at("revoke_role", clerk.post_id, "clerk"), {"reason": "岗位调整"}, follow=True)

    assert "经办人" in page
    assert "本单位" in page
    assert "角色已收回" in _text(done)
    assert api.find_actor("clerk").roles == frozenset()
    asked = keeper.post(
        _at("request_role", clerk.post_id), {"act": "grant", "role": "leader", "scope": "subtree", "reason": "任命"},
        follow=True,
    )  # fmt: skip
    assert "本单位及下级" in _text(asked)
    withdrawn = keeper.post(_at("withdraw", RoleRequest.objects.get().id), follow=True)
    assert "已撤回" in _text(withdrawn)


def test_an_official_delegates_the_other_chooses_and_everybody_sees_who_acts() -> None:
    chief = factories.official("chief", "leader", name="李局")
    helper = factories.official("helper", "clerk", name="王助")
    client, other = _client(chief), _client(helper)
    today = local_date()

    form = client.get(_at("delegate"))
    assert "王助" in _text(form)
    given = {
        "delegate": str(helper.person_id), "roles": ["leader"], "item_codes": "A-1\nA-2", "reason": "外出学习",
        "valid_from": today.isoformat(), "valid_until": today.replace(year=today.year + 1).isoformat(),
    }  # fmt: skip
    assert "最长 90 天" in _text(client.post(_at("delegate"), given))
    given["valid_until"] = (today + dt.timedelta(days=3)).isoformat()
    assert "已委托" in _text(client.post(_at("delegate"), given, follow=True))
    row = Delegation.objects.get()
    assert row.item_codes == ["A-1", "A-2"]

    assert "chief岗（代李局办理）" in _text(other.get(reverse("account_choose_identity")))
    other.post(reverse("account_choose_identity"), {"choice": f"delegation:{row.id}"})
    assert "代李局办理" in _text(other.get(_at("my_delegations")))
    assert "现在的身份" in _text(other.get(reverse("account_home")))
    refused = other.post(_at("delegate"), given)
    assert "不能再转委托" in _text(refused)
    client.post(_at("revoke_mine", row.id), {"reason": "已回单位"})
    assert "已收回" in _text(other.get(_at("my_delegations")))
    assert "代李局办理" not in _text(other.get(reverse("account_choose_identity")))


def test_the_security_administrator_ends_a_delegation_and_the_auditor_only_looks() -> None:
    chief, helper = factories.official("chief", "leader"), factories.official("helper", "clerk")
    row = api.delegate_post(
        actor=chief, delegate_id=helper.person_id, roles=["leader"], valid_from=local_date(),  # type: ignore[arg-type]  # an official of a test has a person and a post
        valid_until=local_date() + dt.timedelta(days=2), reason="外出学习",
    )  # fmt: skip
    guard, auditor = _client(office.security_administrator()), _client(office.audit_administrator())

    assert _at("end_delegation", row) not in _text(auditor.get(_at("delegations")))
    assert _at("end_delegation", row) in _text(guard.get(_at("delegations")))
    guard.post(_at("end_delegation", row), {"reason": "权限清理"})

    assert Delegation.objects.get().revoked_at is not None


def test_the_start_page_counts_what_waits_and_lists_leavers(work: office.Work) -> None:
    leaver = factories.official("leaver", "clerk", name="李走")
    assert leaver.person_id
    assert leaver.org_id
    work.of_people[leaver.person_id, leaver.org_id] = 4
    yesterday = local_date() - dt.timedelta(days=1)
    Appointment.objects.filter(person_id=leaver.person_id).update(valid_from=yesterday, valid_until=yesterday)
    page = _text(_client(office.system_administrator()).get(_at("home")))

    assert "李走" in page
    assert "已签收的待办 4" in page
    assert _at("hand_over", leaver.person_id, leaver.post_id) in page
