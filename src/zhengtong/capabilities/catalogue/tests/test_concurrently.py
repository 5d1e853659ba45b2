"""Two hands at the same moment: one is first, the other is told, nothing is done twice and nothing is lost."""

import concurrent.futures
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.tests import reviewing
from zhengtong.capabilities.catalogue.tests.reviewing import drafted, fresh, judge, submitted, task, who
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What the acts gave, or the refusal they met, when they began together."""
    together = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> object:
        try:
            together.wait(timeout=10)
            return act()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(do, act) for act in acts]
        return [one.result(timeout=60) for one in running]


def test_a_draft_sent_in_twice_at_once_has_one_review() -> None:
    reviewing.found_office()
    row = drafted()
    editor, colleague = who("editor"), who("colleague")

    first, second = at_once(
        lambda: api.submit_draft(actor=editor, version_id=row.id),
        lambda: api.submit_draft(actor=colleague, version_id=row.id),
    )

    assert first == second == fresh(row).case_id
    assert fresh(row).reviews == 1


def test_two_who_publish_at_once_publish_once() -> None:
    reviewing.found_office()
    row = judge(judge(submitted(), "leader", "agree"), "lawyer", "pass")
    keeper, wanted = who("keeper"), task(row).id

    def publish(key: str) -> Callable[[], object]:
        return lambda: api.decide_review(actor=keeper, work_item_id=wanted, outcome="publish", command_key=key)

    answers = at_once(publish("one"), publish("two"))

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "UUID"]
    assert ItemVersion.objects.filter(item_id=row.item_id, status="published").count() == 1
    assert OutboxEvent.objects.filter(name="catalogue.item_published.v1").count() == 1


def test_two_editors_who_save_at_once_meet() -> None:
    reviewing.found_office()
    row = drafted()
    editors = [who("editor"), who("colleague")]

    def save(number: int) -> Callable[[], object]:
        return lambda: api.draft_item(
            actor=editors[number],
            draft=reviewing.whole(name=f"名称{number}"),
            item_id=row.item_id,
            revision=row.revision,
        )

    answers = at_once(save(0), save(1))

    (met,) = [answer for answer in answers if isinstance(answer, api.DraftConflict)]
    assert met.current is not None
    assert {met.current.name, met.sent.name} == {"名称0", "名称1"}
    assert fresh(row).name == met.current.name
    assert fresh(row).revision == row.revision + 1


def test_two_who_begin_an_item_with_the_same_code_meet_in_one_draft() -> None:
    reviewing.found_office()
    editors = [who("editor"), who("colleague")]

    at_once(*(lambda one=one: api.draft_item(actor=one, draft=reviewing.whole()) for one in editors))

    assert ItemVersion.objects.count() == 1
