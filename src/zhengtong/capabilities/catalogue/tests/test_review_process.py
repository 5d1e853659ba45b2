"""The drawing of the review: where it comes from, whose desk it reaches, and other hands upon it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.tests import reviewing
from zhengtong.capabilities.catalogue.tests.reviewing import drafted, fresh, judge, submitted, task, who
from zhengtong.capabilities.identity.tests.factories import sign_in
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> Iterator[None]:
    with time_machine.travel("2026-11-20T02:00:00Z"):
        reviewing.found_office()
        yield


def test_the_review_runs_on_the_clock() -> None:
    row = submitted()

    assert task(row).due_at is not None


def test_a_jump_or_return_by_another_hand_moves_the_version_too() -> None:
    row = judge(submitted(), "leader", "return", "名称不规范")
    api.submit_draft(actor=who("editor"), version_id=row.id)
    row = judge(row, "leader", "agree")
    cases.return_step(
        actor=who("lawyer"), work_item_id=task(row).id, node="revise", reason="依据不全", command_key="r1"
    )

    do_all_work()

    assert (fresh(row).status, fresh(row).returned) == ("draft", True)


def test_who_has_to_judge_finds_it_on_his_desk() -> None:
    row = submitted()

    assert [one.version_id for one in api.review_tasks(actor=who("leader"))] == [row.id]
    assert api.review_tasks(actor=who("lawyer")) == ()
    judge(row, "leader", "agree")
    assert [one.name for one in api.review_tasks(actor=who("lawyer"))] == [row.name]
    assert api.review_view(actor=who("editor"), version_id=row.id).waits_for == "青禾县司法局（合法性审核）"


def test_a_county_without_a_legal_reviewer_is_told_so() -> None:
    from zhengtong.capabilities.identity.models import PostRole

    row = drafted()
    PostRole.objects.filter(role="legal_reviewer").delete()

    with pytest.raises(Conflict, match="没有人担任合法性审核人"):
        api.submit_draft(actor=who("editor"), version_id=row.id)

    assert fresh(row).status == "draft"


def test_the_drawing_is_offered_where_none_is_in_force() -> None:
    from zhengtong.capabilities.cases.models import ProcessVersion

    ProcessVersion.objects.filter(key="item_review").delete()
    row = drafted()

    with pytest.raises(Conflict, match="审核流程没有启用"):
        api.submit_draft(actor=who("editor"), version_id=row.id)
    with pytest.raises(NotPermitted):
        api.begin_review_process(actor=who("keeper"))
    api.begin_review_process(actor=who("process"))
    with pytest.raises(Conflict, match="草稿"):
        api.begin_review_process(actor=who("second"))


def test_the_start_page_offers_it_to_process_administrators_alone(client: Client) -> None:
    from zhengtong.capabilities.cases.models import ProcessVersion

    ProcessVersion.objects.filter(key="item_review").delete()

    for name, status, offered in (("process", 302, True), ("keeper", 403, False)):
        sign_in(client, who(name))
        assert ("事项审核流程还没有启用" in client.get("/").content.decode()) is offered
        assert client.post("/items/desk/review-process/").status_code == status
    client.logout()
    assert client.post("/items/desk/review-process/").status_code in (302, 401, 403)
