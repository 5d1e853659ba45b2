"""Licences: how an end is told, losses, copies with the same content, chains, counts of verifications."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from zhengtong.capabilities.documents import api, rules
from zhengtong.capabilities.documents.constants import EndGround
from zhengtong.capabilities.documents.models import LossReport
from zhengtong.capabilities.documents.tests.doubles import ORG, TENANT, official
from zhengtong.capabilities.documents.tests.factories import case_ref, issued, wanted
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


@pytest.mark.parametrize(
    ("status", "ground", "word"),
    [
        ("issued", "", ""),
        ("superseded", "renewed", "已换发"),
        ("superseded", "replaced", "已作废，补发新证"),
        ("superseded", "mistake", "已作废，更正换发"),
        ("withdrawn", "revoked", "已撤销"),
        ("withdrawn", "cancelled", "已注销"),
        ("withdrawn", "on_request", "已注销"),
        ("withdrawn", "lifted", "已吊销"),
        ("withdrawn", "other", "已撤回"),
        ("superseded", "other", "已被替换"),
    ],
)
def test_an_end_in_the_words_of_the_law(status: str, ground: str, word: str) -> None:
    assert rules.end_word(kind="licence", status=status, ground=ground) == word
    assert rules.end_word(kind="refusal", status=status, ground=ground) in ("", "已撤回", "已被替换")


def test_every_ground_has_a_word_for_both_ends() -> None:
    for ground in EndGround.values:
        for status in ("superseded", "withdrawn"):
            assert rules.end_word(kind="licence", status=status, ground=ground).startswith("已")


def test_the_number_of_a_copy_counts_the_copies() -> None:
    first = "青市监证〔2026〕12号"

    assert rules.copy_number(first, "补", [first]) == f"{first}（补1）"
    assert rules.copy_number(f"{first}（补1）", "补", [f"{first}（补1）"]) == f"{first}（补2）"
    assert rules.copy_number(f"{first}（补1）", "更", [f"{first}（补1）"]) == f"{first}（更1）"


def test_a_lost_licence_is_told_and_an_ended_one_is_not_lost() -> None:
    today = dt.date(2026, 11, 22)
    terms = {"valid_from": None, "valid_until": None, "today": today}

    assert rules.verdict_of(status="issued", lost=True, **terms) == rules.Verdict.LOST
    assert rules.verdict_of(status="withdrawn", lost=True, **terms) == rules.Verdict.WITHDRAWN
    expired = {**terms, "valid_until": today - dt.timedelta(days=1)}
    assert rules.verdict_of(status="issued", lost=True, **expired) == rules.Verdict.EXPIRED


@pytest.mark.django_db
def test_a_loss_is_reported_once_and_lifted() -> None:
    paper = issued()
    api.report_loss(actor=official(), document_id=paper.id, reason="遗失")
    api.report_loss(actor=official(), document_id=paper.id, reason="遗失")
    assert LossReport.objects.count() == 1
    assert api.verify_by_code(paper.verification_code).verdict == api.Verdict.LOST
    with pytest.raises(IntegrityError), transaction.atomic():
        LossReport.objects.create(tenant=TENANT, document_id=paper.id, reason="再次", reported_at=now())

    api.lift_loss(actor=official(), document_id=paper.id)

    assert api.verify_by_code(paper.verification_code).verdict == api.Verdict.GENUINE
    with pytest.raises(Conflict):
        api.lift_loss(actor=official(), document_id=paper.id)


@pytest.mark.django_db
def test_who_may_not_report_a_loss() -> None:
    paper = issued()
    notice = issued(kind="receipt", template="receipt", title="收件回执", fields=_receipt())

    with pytest.raises(NotPermitted):
        api.report_loss(actor=official(org_id=uuid.uuid4()), document_id=paper.id, reason="遗失")
    with pytest.raises(NotFound):
        api.report_loss(actor=official(), document_id=notice.id, reason="遗失")
    with pytest.raises(Invalid):
        api.report_loss(actor=official(), document_id=paper.id, reason=" ")
    api.withdraw_document(actor=official(), document_id=paper.id, reason="撤销", ground=EndGround.REVOKED)
    with pytest.raises(Conflict):
        api.report_loss(actor=official(), document_id=paper.id, reason="遗失")


def _receipt() -> dict[str, object]:
    from zhengtong.capabilities.documents.tests.papers import receipt_fields

    return receipt_fields(1)


@pytest.mark.django_db
def test_a_copy_takes_the_place_of_the_licence_and_repeating_gives_the_same() -> None:
    first = issued()
    other = case_ref()

    def again() -> api.IssuedDocument:
        return api.reissue_document(
            actor=official(),
            document_id=first.id,
            ground=EndGround.REPLACED,
            reason="补发",
            seal_id=None,
            object_ref=other,
        )

    second = again()

    assert again().id == second.id
    assert second.number == f"{first.number}（补1）"
    assert api.verify_by_code(first.verification_code).end_word == "已作废，补发新证"
    chain = api.chain_of(tenant=TENANT, document_id=second.id)
    assert [one.id for one in chain] == [first.id, second.id]
    assert chain[0].rows == chain[1].rows
    with pytest.raises(Invalid):
        api.reissue_document(
            actor=official(),
            document_id=second.id,
            ground=EndGround.MISTAKE,
            reason="更正",
            seal_id=None,
            corrected={"没有这一项": "x"},
        )


@pytest.mark.django_db
def test_the_unit_finds_its_licences_and_no_other(client: Client) -> None:
    paper = issued()

    found = api.find_licences(actor=official(), words=paper.number)

    assert [one.id for one in found.rows] == [paper.id]
    assert api.find_licences(actor=official(), words="没有的编号").total == 0
    assert api.find_licences(actor=official(org_id=uuid.uuid4())).total == 0
    assert api.units_licence(actor=official(), document_id=paper.id) is not None
    assert api.units_licence(actor=official(org_id=uuid.uuid4()), document_id=paper.id) is None
    assert paper.issuing_org_id == ORG


@pytest.mark.django_db
def test_verifications_are_counted_by_way_and_nobody_is_recorded(client: Client) -> None:
    paper = issued()
    for _time in range(3):
        client.get(f"/verify/{paper.verification_code}/")
    client.post("/verify/token/", {"token": "EL1:nonsense"})

    counted = api.checks_of(tenant=TENANT, document_id=paper.id)

    assert [(way, times) for way, times, _day in counted] == [("查验码", 3)]


@pytest.mark.django_db
def test_licences_that_end_between_two_days() -> None:
    day = dt.date(2027, 1, 31)
    near = issued(valid_from=dt.date(2026, 1, 1), valid_until=day)
    issued(valid_from=dt.date(2026, 1, 1), valid_until=day + dt.timedelta(days=1))
    api.issue_document(actor=official(), paper=wanted(), number_prefix="长期")

    found = api.licences_ending(tenant=TENANT, first=day - dt.timedelta(days=1), last=day)

    assert [one.id for one in found] == [near.id]
