"""``zhengtong administrators``: three people once, who can sign in and have to change their password."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Account, Appointment
from zhengtong.capabilities.identity.tests import factories
from zhengtong.entry.commands.administrators import handle
from zhengtong.entry.main import build_parser, discover

pytestmark = pytest.mark.django_db


def administrators(*words: str) -> int:
    return handle(build_parser(discover()).parse_args(["administrators", *words]))


def test_three_administrators_are_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert administrators("K09", "青禾县数据局") == 0

    told = capsys.readouterr().out
    passwords = dict(zip(re.findall(r"用户名 (\S+)", told), re.findall(r"密码 (\S+)\n", told), strict=True))
    assert set(passwords) == {"sys.admin", "sec.admin", "audit.admin"}
    assert {tuple(sorted(identity.find_actor(name).roles)) for name in passwords} == {
        ("sys_admin",), ("sec_admin",), ("audit_admin",)
    }  # fmt: skip
    for name, password in passwords.items():
        account = Account.objects.get(username=name)
        assert account.check_password(password)
        assert account.must_change_password

    assert administrators("K10", "青禾县政府办公室") == 1
    assert "已经有工作人员" in capsys.readouterr().err
    assert Appointment.objects.count() == 3


def test_the_first_one_signs_in_and_sets_a_password_of_his_own(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    administrators("K09", "青禾县数据局")
    found = re.search(r"用户名 sys\.admin\n  密码 (\S+)", capsys.readouterr().out)
    assert found

    client.post(reverse("account_login"), {"login": "sys.admin", "password": found[1]})
    code = identity.totp_code("sys.admin", tenant=factories.tenant())
    landed = client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)

    assert landed.status_code == 200
    assert landed.request["PATH_INFO"] == reverse("account_change_password")


def test_where_officials_are_nobody_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    factories.official("clerk", "clerk")

    assert administrators("K09", "青禾县数据局") == 1
    assert not Account.objects.filter(username="sys.admin").exists()
