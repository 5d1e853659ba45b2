import pytest
from django.db import connection

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.models import FormVersion
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db
TENANT = "980723"
DEFINITION = {
    "title": "申请表",
    "sections": [
        {
            "title": "基本情况",
            "fields": [
                {"key": "name", "label": "姓名", "kind": "text", "prefill": "name"},
                {"key": "number", "label": "身份证号", "kind": "citizen_number", "prefill": "citizen_number"},
            ],
        }
    ],
}


@pytest.fixture
def form():
    return api.declare_form(actor=system(TENANT), key="general", definition=DEFINITION)


@pytest.fixture
def draft(form):
    return api.start_submission(tenant=TENANT, key="general", prefill={"name": "张一"})


def test_known_facts_are_filled_in(draft):
    assert draft.answers == {"name": "张一"}


def test_wrong_answers_are_saved_too_and_only_the_final_check_refuses(draft):
    view = api.save_answers(tenant=TENANT, submission_id=draft.id, answers={"number": "123", "unknown": "x"})

    assert view.answers == {"name": "张一", "number": "123"}
    assert set(view.problems()) == {"number"}
    with pytest.raises(Invalid) as refusal:
        api.freeze(tenant=TENANT, submission_id=draft.id)
    assert set(refusal.value.errors) == {"number"}
    assert api.submission(tenant=TENANT, submission_id=draft.id).answers["number"] == "123"


def test_a_final_form_changes_only_after_it_was_reopened(draft):
    api.save_answers(tenant=TENANT, submission_id=draft.id, answers={"number": "11010519491231002x"})
    api.freeze(tenant=TENANT, submission_id=draft.id)

    with pytest.raises(Conflict):
        api.save_answers(tenant=TENANT, submission_id=draft.id, answers={"name": "李二"})
    api.reopen(tenant=TENANT, submission_id=draft.id)
    assert api.save_answers(tenant=TENANT, submission_id=draft.id, answers={"name": "李二"}).answers["name"] == "李二"


def test_answers_are_not_readable_in_the_database(draft):
    with connection.cursor() as cursor:
        cursor.execute("select answers from forms_submission")
        assert "张一" not in cursor.fetchone()[0]


def test_a_new_version_leaves_answers_on_the_old_one(form, draft):
    changed = {**DEFINITION, "title": "申请表（新）"}
    again = api.declare_form(actor=system(TENANT), key="general", definition=DEFINITION)
    newer = api.declare_form(actor=system(TENANT), key="general", definition=changed)

    assert again.id == form.id
    assert (newer.version, FormVersion.objects.filter(active=True).get().id) == (2, newer.id)
    assert api.submission(tenant=TENANT, submission_id=draft.id).definition.title == "申请表"


def test_another_tenant_finds_nothing(draft):
    with pytest.raises(NotFound):
        api.submission(tenant="980724", submission_id=draft.id)
    with pytest.raises(NotFound):
        api.start_submission(tenant="980724", key="general", prefill={})
