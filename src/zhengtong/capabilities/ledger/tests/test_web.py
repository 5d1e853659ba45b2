"""The audit administrator's pages, and nobody else's."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from zhengtong.capabilities.ledger import api, registry
from zhengtong.capabilities.ledger.constants import AUDIT_ROLE
from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import citizen, official, record
from zhengtong.capabilities.ledger.web import views
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import policy_of

View = Callable[..., HttpResponse]
AUDITOR = official(name="王五", roles=frozenset({AUDIT_ROLE}))


def page(view: View, path: str, *args: object, query: dict[str, str] | None = None) -> str:
    request: HttpRequest = RequestFactory().get(path, query)
    request.actor = AUDITOR  # type: ignore[attr-defined]  # as the identity middleware does
    response = view(request, *args)
    assert response.status_code == 200
    return response.content.decode()


def listed(**query: str) -> str:
    return page(views.entries, reverse("ledger:entries"), query=query)


@pytest.mark.parametrize("view", [views.entries, views.entry])
def test_only_the_audit_administrator_is_admitted(view: View) -> None:
    policy = policy_of(view)
    assert policy is not None

    assert policy.admits(AUDITOR)
    for actor in (anonymous("980723"), citizen(), official(), official(roles=frozenset({"system_admin"}))):
        assert not policy.admits(actor)


@pytest.mark.django_db
def test_the_list_shows_chinese_words_and_no_citizens_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.act_labels._items, "case.applied", "提交申请")
    record("case.applied", actor=citizen(), basis="《行政许可法》第二十九条")

    html = listed()

    assert "提交申请" in html
    assert "《行政许可法》第二十九条" in html
    assert "李**" in html
    assert "李二三" not in html


@pytest.mark.django_db
def test_filters_by_object_person_act_and_day() -> None:
    record("case.accepted")
    record("case.decided", actor=official(person_id=uuid.UUID(int=77), name="赵六"))
    record("case.closed", object_ref=ObjectRef(kind="case", id="c-2"))
    acts = ("case.accepted", "case.decided", "case.closed")

    def shown(**query: str) -> list[str]:
        html = listed(**query)
        return [act for act in acts if f">{act}</td>" in "".join(html.split())]

    assert shown() == list(acts)
    assert shown(object_kind="case", object_id="c-2") == ["case.closed"]
    assert shown(person="赵六") == shown(person=str(uuid.UUID(int=77))) == ["case.decided"]
    assert shown(act="case.accepted") == ["case.accepted"]
    assert shown(day=local_date().isoformat()) == list(acts)
    assert shown(day=(local_date() - dt.timedelta(days=1)).isoformat()) == []
    assert shown(day="not a day", object_id="c-1\x00") == ["case.accepted", "case.decided"]


@pytest.mark.django_db
def test_a_long_list_is_counted_no_further_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(31):
        record("case.accepted")

    assert "共 31 条" in listed(act="case.accepted")
    monkeypatch.setattr(views, "_COUNTED", 5)
    assert "共 31 条以上" in listed(act="case.accepted")


@pytest.mark.django_db
def test_a_tenant_sees_only_its_own_entries_of_the_one_tree() -> None:
    own, other = record("case.accepted"), record("case.decided", actor=official(tenant="980724"))
    seal_batch()

    html = listed()

    assert f"/{own.entry_id}/" in html
    assert str(other.entry_id) not in html
    with pytest.raises(NotFound):
        page(views.entry, "/", other.entry_id)
    assert "没有被改动" in page(views.entry, "/", own.entry_id)
    report = api.verify()
    assert (report.ok, report.entries) == (True, 2)


@pytest.mark.django_db
def test_an_entry_shows_its_commitment_and_the_state_of_its_proof() -> None:
    receipt = record("case.accepted")

    before = page(views.entry, "/", receipt.entry_id)
    seal_batch()
    after = page(views.entry, "/", receipt.entry_id)

    assert receipt.commitment.hex() in before
    assert "还没有封存" in before
    assert "没有被改动" in after
