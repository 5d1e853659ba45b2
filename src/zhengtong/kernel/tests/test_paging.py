"""Pages of lists: the nearest page for anything a browser may send, and lists that are not counted to their end."""

import pytest

from zhengtong.kernel.clock import now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.paging import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    events = [
        OutboxEvent(
            event_id=new_id(), tenant="980723", name=f"test.{number:02}.v1", object_kind="a", object_id="b", at=now()
        )
        for number in range(25)
    ]
    OutboxEvent.objects.bulk_create(events)
    return OutboxEvent.objects.filter(name__startswith="test.").order_by("name")


def names(page):
    return [row.name[5:7] for row in page.rows]


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("9" * 30, 1), ("99", 3)])
def test_the_nearest_page(rows, asked, number):
    page = page_of(rows, asked, size=10)

    assert (page.number, page.total, page.pages, page.more) == (number, 25, 3, False)


def test_a_list_that_fits_is_counted(rows):
    page = page_of(rows, 3, size=10, most=25)

    assert (page.number, page.total, page.more, page.has_next) == (3, 25, False, False)


@pytest.mark.parametrize(
    ("asked", "number", "total", "more", "first"),
    [
        (1, 1, 12, True, "00"),
        (2, 2, 21, True, "10"),  # past what is counted: only that one more row follows is known
        (3, 3, 25, False, "20"),
        (4, 2, 21, True, "10"),
    ],
)
def test_a_list_that_only_grows_is_counted_so_far_and_turned_to_its_end(rows, asked, number, total, more, first):
    page = page_of(rows, asked, size=10, most=12)

    assert (page.number, page.total, page.more, page.has_next) == (number, total, more, more)
    assert names(page)[0] == first
    assert len(page.rows) == (5 if number == 3 else 10)


def test_no_more_rows_are_counted_than_asked_for(rows, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        page_of(rows, 1, size=10, most=12)

    assert "LIMIT 13" in queries.captured_queries[0]["sql"]
