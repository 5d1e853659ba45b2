import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.models import Document, NumberCounter
from zhengtong.capabilities.documents.tests.doubles import TENANT
from zhengtong.capabilities.documents.tests.factories import case_ref, issued


def in_parallel(count: int, work: Callable[[int], object]) -> list[object]:
    """Results of ``work(n)`` in threads that start together, each on its own connection to the test's database."""
    name = connection.settings_dict["NAME"]
    barrier = threading.Barrier(count)
    results: list[object] = []

    def run(number: int) -> None:
        connections["default"].settings_dict["NAME"] = name
        try:
            barrier.wait()
            results.append(work(number))
        except Exception as error:  # noqa: BLE001  (the assertion of the test shows it)
            results.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.usefixtures("committed_db")
def test_numbers_drawn_at_once_have_no_gap_and_no_double() -> None:
    def draw(number: int) -> list[str]:
        drawn = []
        for turn in range(5):
            try:
                with transaction.atomic():
                    drawn.append(api.next_number(tenant=TENANT, kind="licence", prefix="青市监", year=2026))
                    if (number + turn) % 3 == 0:
                        raise LookupError("this transaction fails")
            except LookupError:
                drawn.pop()
        return drawn

    results = in_parallel(4, draw)

    numbers = [number for drawn in results for number in drawn]  # type: ignore[attr-defined]  # lists, or the test fails
    assert set(numbers) == {f"青市监证〔2026〕{n}号" for n in range(1, len(numbers) + 1)}
    assert len(set(numbers)) == len(numbers) > 8
    assert NumberCounter.objects.get(year=2026).last == len(numbers)


@pytest.mark.usefixtures("committed_db")
def test_one_object_gets_one_paper_however_many_ask_at_once() -> None:
    subject = case_ref()

    results = in_parallel(4, lambda _number: issued(object_ref=subject))

    assert {getattr(paper, "id", paper) for paper in results} == {Document.objects.get().pk}
    assert NumberCounter.objects.get().last == 1


@pytest.mark.usefixtures("committed_db")
def test_a_number_is_drawn_only_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        api.next_number(tenant=TENANT, kind="licence")
