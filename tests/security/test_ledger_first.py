"""What cannot be recorded does not happen: with a ledger that takes nothing, nothing of business changes."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.security.surface import changed, held
from tests.tenants.county import ITEM, County
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.services import lock_account, reset_password
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import anonymous, system
from zhengtong.systems.complaints import api as complaints
from zhengtong.systems.service_hall import api as hall


class LedgerIsDown(Exception):
    """The disk of the ledger is full, its table is gone, its key cannot be read."""


def _refuse(*_args: Any, **_more: Any) -> None:
    raise LedgerIsDown


def _acts(own: County) -> dict[str, Callable[[], Any]]:
    """One act of each kind; with the ledger in order each of them changes something."""
    people, boss = own.people, system(own.code)
    assert own.pending is not None
    assert own.pending.case_id is not None
    case_id, pending = own.pending.case_id, own.pending.id
    case = cases.case_view(actor=boss, case_id=case_id)
    task = next(one for one in case.open_items if one.node == "review_fire")
    clerk = Account.objects.get(person_id=people["clerk"].person_id)
    return {
        "register": lambda: identity.register_citizen(
            actor=anonymous(own.code),
            name="红某三",
            citizen_number=factories.citizen_number(79),
            phone="13900000003",
            password=factories.PASSWORD,
            consent=True,
        ),
        "apply": lambda: hall.start_application(actor=people["citizen"], item_code=ITEM),
        "decide a task": lambda: hall.complete_task(
            actor=people["clerk.H05"],
            work_item_id=task.id,
            outcome="agree",
            opinion="同意",
            command_key=uuid.uuid4().hex,
        ),
        "withdraw": lambda: cases.withdraw_case(
            actor=people["citizen"], case_id=case_id, reason="不办了", command_key=uuid.uuid4().hex
        ),
        "read a matter": lambda: hall.application_for_official(actor=people["clerk"], application_id=pending),
        "lock an account": lambda: lock_account(actor=people["sec_admin"], account_id=clerk.pk, reason="停职"),
        "hand out a password": lambda: reset_password(actor=people["sys_admin"], account_id=clerk.pk, reason="忘了"),
        "make a seal": lambda: trust.ensure_seal(
            actor=boss, org_id=own.unit("H05").id, org_name=people["clerk.H05"].org_name, kind="official"
        ),
        "complain": lambda: complaints.submit(
            actor=people["citizen"],
            subject=complaints.subject_of(people["citizen"], ""),
            words=complaints.Words(
                kind="complaint", protection="signed", title="窗口没人", content="上午十点窗口没有人，请核实处理。"
            ),
        ),
    }


@pytest.mark.full
def test_what_cannot_be_recorded_does_not_happen(
    counties: tuple[County, County], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = counties[0]
    with own.here():
        acts = _acts(own)
        before = held(own.code)
        with monkeypatch.context() as broken:
            broken.setattr(ledger, "append", _refuse)
            for name, act in acts.items():
                if name == "read a matter":
                    continue
                with pytest.raises(LedgerIsDown):
                    act()
        after = held(own.code)
        acts["apply"]()

    assert changed(before, after) == []
    assert set(after) == set(before)
    assert set(held(own.code)) > set(before)


@pytest.mark.django_db
def test_nobody_signs_in_unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.citizen(phone="13800000001")
    client = Client(raise_request_exception=False)
    given = {"login": "13800000001", "password": factories.PASSWORD}
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "append", _refuse)

        answer = client.post(reverse("account_login"), given)

        assert answer.status_code == 500
        assert client.get(reverse("account_home")).status_code == 302
    assert client.post(reverse("account_login"), given).status_code == 302
