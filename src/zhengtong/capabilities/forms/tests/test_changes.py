"""What an applicant changed since his form was given back: in words, question by question, and kept from then on."""

import uuid

import pytest

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.models import EarlierAnswers
from zhengtong.capabilities.forms.rules import read_definition
from zhengtong.capabilities.forms.rules.changes import answer_changes
from zhengtong.kernel.actors import system

TENANT = "980723"
_FORM = {
    "title": "登记表",
    "sections": [
        {
            "title": "场所",
            "fields": [
                {"key": "shop", "label": "店名", "kind": "text"},
                {"key": "area", "label": "面积", "kind": "number", "unit": "㎡"},
                {"key": "sign", "label": "招牌", "kind": "choice", "options": [["yes", "设"], ["no", "不设"]]},
                {
                    "key": "size",
                    "label": "招牌尺寸",
                    "kind": "text",
                    "when": {"field": "sign", "values": ["yes"]},
                },
            ],
        }
    ],
}


def changes(old: dict[str, str], new: dict[str, str]) -> list[tuple[str, str, str]]:
    definition = read_definition(_FORM)
    return [(one.label, one.before, one.after) for one in answer_changes((definition, old), (definition, new))]


def test_only_what_reads_differently_is_a_change() -> None:
    before = {"shop": "面馆", "area": "86", "sign": "no"}

    assert changes(before, before) == []
    assert changes(before, before | {"area": "96"}) == [("面积", "86 ㎡", "96 ㎡")]


def test_a_question_that_is_put_anew_or_no_more_is_a_change() -> None:
    without = {"shop": "面馆", "area": "86", "sign": "no"}
    with_sign = without | {"sign": "yes", "size": "2 米"}

    assert changes(without, with_sign) == [("招牌", "不设", "设"), ("招牌尺寸", "未填写", "2 米")]
    assert changes(with_sign, without) == [("招牌", "设", "不设"), ("招牌尺寸", "2 米", "未填写")]


def handed_in() -> uuid.UUID:
    api.declare_form(actor=system(TENANT), key="changes", definition=_FORM)
    row = api.start_submission(tenant=TENANT, key="changes", prefill={})
    api.save_answers(tenant=TENANT, submission_id=row.id, answers={"shop": "面馆", "area": "86", "sign": "no"})
    api.freeze(tenant=TENANT, submission_id=row.id)
    return row.id


@pytest.mark.django_db
def test_what_was_handed_in_is_kept_when_the_form_is_given_back() -> None:
    key = handed_in()
    before = api.changes_since_return(tenant=TENANT, submission_id=key)

    api.reopen(tenant=TENANT, submission_id=key)
    api.reopen(tenant=TENANT, submission_id=key)
    api.save_answers(tenant=TENANT, submission_id=key, answers={"shop": "饺子馆"})
    api.freeze(tenant=TENANT, submission_id=key)

    found = api.changes_since_return(tenant=TENANT, submission_id=key)
    assert before == []
    assert [(one.label, one.before, one.after) for one in found] == [("店名", "面馆", "饺子馆")]
    assert EarlierAnswers.objects.filter(submission_id=key).count() == 1


@pytest.mark.django_db
def test_only_the_changes_since_the_last_return_count() -> None:
    key = handed_in()
    for shop in ("饺子馆", "包子铺"):
        api.reopen(tenant=TENANT, submission_id=key)
        api.save_answers(tenant=TENANT, submission_id=key, answers={"shop": shop})
        api.freeze(tenant=TENANT, submission_id=key)

    found = api.changes_since_return(tenant=TENANT, submission_id=key)

    assert [(one.before, one.after) for one in found] == [("饺子馆", "包子铺")]


@pytest.mark.django_db
def test_purging_a_submission_leaves_nothing_of_it() -> None:
    key = handed_in()
    api.reopen(tenant=TENANT, submission_id=key)

    api.purge_submission(tenant=TENANT, submission_id=key)

    assert not EarlierAnswers.objects.filter(submission_id=key).exists()
