"""A double click that really arrives twice at the same time, on a database that commits."""

import threading
import uuid

import pytest
import time_machine
from django.db import connection

from zhengtong.systems.service_hall.models import SupplementNotice
from zhengtong.systems.service_hall.tests import hall_factories as hall


@pytest.mark.usefixtures("committed_db")
def test_two_presses_at_once_tell_the_applicant_once() -> None:
    with time_machine.travel(hall.MONDAY):
        hall.found_hall()
        row = hall.submitted()
        client, twin = hall.signed_in(hall.clerk()), hall.signed_in(hall.clerk())
        address = hall.task_address(row)
        data = {
            "command_key": uuid.uuid4().hex,
            "outcome": "supplement",
            "point": ["lease"],
            "reason-lease": "缺少签字",
        }
        answers: list[int] = []
        together = threading.Barrier(2)

        def press(browser: object) -> None:
            try:
                together.wait()
                answers.append(browser.post(address, data).status_code)  # type: ignore[attr-defined]  # a test client
            finally:
                connection.close()

        presses = [threading.Thread(target=press, args=(browser,)) for browser in (client, twin)]
        for one in presses:
            one.start()
        for one in presses:
            one.join(timeout=60)

        assert answers == [302, 302]
        assert SupplementNotice.objects.filter(application=row).count() == 1
