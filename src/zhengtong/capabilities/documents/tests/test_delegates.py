"""A delegate for certain items drafts, issues, reads and ends the papers of these items only."""

import dataclasses

import pytest

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.tests.doubles import official
from zhengtong.capabilities.documents.tests.factories import case_ref, issued, seal_id, wanted
from zhengtong.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db

FOOD, OTHER = "000131006000", "000131007000"


def test_a_delegate_stays_within_his_items() -> None:
    delegate = dataclasses.replace(official(), delegated_items=frozenset({FOOD}), delegated_by="王五")
    theirs = issued(item_code=OTHER)

    for item_code in (OTHER, ""):
        with pytest.raises(NotPermitted):
            issued(actor=delegate, item_code=item_code)
        with pytest.raises(NotPermitted):
            api.preview_document(actor=delegate, paper=wanted(item_code=item_code))
    for act in (api.find_document, api.read_file, api.archive_package):
        with pytest.raises(NotPermitted):
            act(actor=delegate, document_id=theirs.id)  # type: ignore[operator]  # one of three functions
    with pytest.raises(NotPermitted):
        api.withdraw_document(actor=delegate, document_id=theirs.id, reason="试试")
    assert Document.objects.count() == 1


def test_what_is_delegated_is_done_from_draft_to_end() -> None:
    delegate = dataclasses.replace(official(), delegated_items=frozenset({FOOD}), delegated_by="王五")
    subject = case_ref()

    preview = api.preview_document(actor=delegate, paper=wanted(object_ref=subject, item_code=FOOD))
    assert preview[1].startswith(b"%PDF")
    paper = issued(actor=delegate, object_ref=subject, item_code=FOOD, seal_id=seal_id())

    assert api.read_file(actor=delegate, document_id=paper.id)[1].startswith(b"%PDF")
    assert Document.objects.get().item_code == FOOD
    api.withdraw_document(actor=delegate, document_id=paper.id, reason="地址登记错误")
