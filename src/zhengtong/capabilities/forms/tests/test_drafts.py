"""Declarations at work: who may, what is kept, what refuses publication."""

import dataclasses
import uuid

import pytest

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.models import FormDraft, FormVersion
from zhengtong.capabilities.forms.tests.forms import field, form
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db
TENANT = "980723"
GOOD = form(field("name"), field("area", "number"))
FAULTY = form(field("name", "colour"))
EDITOR = Actor(
    tenant=TENANT,
    kind="official",
    person_id=uuid.UUID(int=1),
    name="编一",
    org_id=uuid.UUID(int=9),
    org_name="市场监管局",
    roles=frozenset({"item_editor"}),
)
COUNTY = dataclasses.replace(
    EDITOR, person_id=uuid.UUID(int=2), name="管二", org_id=None, roles=frozenset({"item_admin"})
)
STRANGER = dataclasses.replace(EDITOR, person_id=uuid.UUID(int=3), org_id=uuid.UUID(int=8))
CLERK = dataclasses.replace(EDITOR, person_id=uuid.UUID(int=4), roles=frozenset({"clerk"}))


@pytest.fixture
def draft() -> api.FormDraftView:
    return api.save_form_draft(actor=EDITOR, key="shop", definition=FAULTY)


def test_a_draft_may_be_faulty_and_says_so(draft: api.FormDraftView) -> None:
    assert [fault.path for fault in draft.faults] == ["sections.0.fields.0.kind"]
    assert (draft.revision, draft.org_name, draft.updated_by) == (1, "市场监管局", "编一")


def test_nothing_that_a_database_cannot_hold_is_kept() -> None:
    kept = api.save_form_draft(actor=EDITOR, key="shop", definition={"title": "表\x00\ud800", "sections": [1.0, None]})

    assert kept.definition == {"title": "表\ufffd", "sections": [1.0, None]}


@pytest.mark.parametrize("actor", [STRANGER, CLERK], ids=["other unit", "wrong role"])
def test_who_may_not_edit_finds_nothing(draft: api.FormDraftView, actor: Actor) -> None:
    assert api.form_drafts(actor=actor) == []
    with pytest.raises(NotFound):
        api.save_form_draft(actor=actor, key="shop", definition=GOOD, draft_id=draft.id, revision=1)
    with pytest.raises(NotFound):
        api.publish_form(actor=actor, draft_id=draft.id)
    with pytest.raises(NotFound):
        api.discard_form_draft(actor=actor, draft_id=draft.id)


def test_who_may_not_edit_begins_no_draft() -> None:
    with pytest.raises(NotPermitted, match="事项编制人"):
        api.save_form_draft(actor=CLERK, key="shop", definition=GOOD)


def test_the_list_of_the_county_edits_the_forms_of_all_units(draft: api.FormDraftView) -> None:
    saved = api.save_form_draft(actor=COUNTY, key="shop", definition=GOOD, draft_id=draft.id, revision=1)

    assert (saved.revision, saved.updated_by, saved.faults) == (2, "管二", [])


def test_two_who_save_lose_nothing(draft: api.FormDraftView) -> None:
    api.save_form_draft(actor=COUNTY, key="shop", definition=GOOD, draft_id=draft.id, revision=1)

    with pytest.raises(api.DraftConflict, match="管二在您编辑期间保存过") as refusal:
        api.save_form_draft(actor=EDITOR, key="shop", definition=FAULTY, draft_id=draft.id, revision=1)

    assert (refusal.value.sent, refusal.value.current, refusal.value.revision) == (FAULTY, GOOD, 2)
    assert api.form_draft(actor=EDITOR, draft_id=draft.id).definition == GOOD


def test_a_faulty_draft_is_not_published(draft: api.FormDraftView) -> None:
    with pytest.raises(Invalid, match="1 处需要更正") as refusal:
        api.publish_form(actor=EDITOR, draft_id=draft.id)

    assert "种类" in refusal.value.errors["sections.0.fields.0.kind"]
    assert FormDraft.objects.exists()


def test_a_published_version_is_frozen_and_the_draft_gone(draft: api.FormDraftView) -> None:
    api.save_form_draft(actor=EDITOR, key="shop", definition=GOOD, draft_id=draft.id, revision=1)

    first = api.publish_form(actor=EDITOR, draft_id=draft.id, revision=2)
    again = api.draft_from_version(actor=EDITOR, key="shop")
    changed = form(field("name", label="店名"), field("area", "number"), field("new"))
    api.save_form_draft(actor=EDITOR, key="shop", definition=changed, draft_id=again.id, revision=1)
    assert [one.what for one in api.draft_differences(actor=EDITOR, draft_id=again.id)] == ["changed", "added"]
    second = api.publish_form(actor=EDITOR, draft_id=again.id)

    assert (first.version, first.title, first.published_by, second.version) == (1, "申请表", "编一", 2)
    assert api.form_drafts(actor=EDITOR) == []
    assert [one.version for one in api.form_versions(tenant=TENANT, key="shop")] == [2, 1]
    assert api.form_version(tenant=TENANT, key="shop", version=1).declaration == GOOD
    assert [one.key for one in api.form_keys(tenant=TENANT)] == ["shop"]
    assert [one.what for one in api.form_differences(tenant=TENANT, key="shop", old=1, new=2)] == ["changed", "added"]
    assert FormVersion.objects.filter(active=True).get().version == 2


def test_a_draft_of_an_outdated_version_says_so(draft: api.FormDraftView) -> None:
    api.save_form_draft(actor=EDITOR, key="shop", definition=GOOD, draft_id=draft.id, revision=1)
    api.declare_form(actor=system(TENANT), key="shop", definition=GOOD)

    with pytest.raises(Conflict, match="又发布了第 1 版"):
        api.publish_form(actor=COUNTY, draft_id=draft.id)
    api.save_form_draft(actor=COUNTY, key="shop", definition=GOOD, draft_id=draft.id, revision=2, based_on=1)
    assert api.publish_form(actor=COUNTY, draft_id=draft.id).version == 2


def test_one_draft_of_a_form_at_a_time(draft: api.FormDraftView) -> None:
    with pytest.raises(Conflict, match="编一最后保存"):
        api.save_form_draft(actor=COUNTY, key="shop", definition=GOOD)


@pytest.mark.parametrize("key", ["", "Shop", "中文", "a" * 61])
def test_an_unfit_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid, match="表单代号"):
        api.save_form_draft(actor=EDITOR, key=key, definition=GOOD)


def test_acts_are_in_the_ledger(draft: api.FormDraftView) -> None:
    api.discard_form_draft(actor=EDITOR, draft_id=draft.id)

    entries = ledger.entries_of(tenant=TENANT, object_ref=ObjectRef(kind="form", id=str(draft.id)))
    assert [entry.act for entry in entries] == ["forms.draft", "forms.discard"]
