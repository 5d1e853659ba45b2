"""Practice: the samples can be handled rightly, mistakes are said, and nothing is written."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories
from zhengtong.systems.service_hall.rules.practice import SAMPLES, Sample, judge
from zhengtong.systems.service_hall.tests import hall_factories as hall

_BY_KEY = {sample.key: sample for sample in SAMPLES}


def texts(sample: Sample, *, points: dict[str, str]) -> list[tuple[bool, str]]:
    found = judge(sample, outcome="supplement", points=points, opinion="")
    return [(finding.good, finding.text) for finding in found]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_every_sample_can_be_handled_without_a_reproach(sample: Sample) -> None:
    points = dict.fromkeys(sample.wanting, "请补齐") if sample.right == "supplement" else {}

    found = judge(sample, outcome=sample.right, points=points, opinion="理由")

    assert all(finding.good for finding in found)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_every_other_conclusion_is_reproached(sample: Sample) -> None:
    for outcome in {"accept", "supplement", "refuse"} - {sample.right}:
        assert not judge(sample, outcome=outcome, points={}, opinion="理由")[0].good


def test_a_notice_that_forgets_a_point_or_adds_one_is_reproached() -> None:
    sample = _BY_KEY["two_gaps"]

    half = texts(sample, points={"lease": "缺签字"})
    more = texts(sample, points={"lease": "缺", "plan": "缺", "licence": "缺"})
    silent = texts(sample, points={"lease": "", "plan": "缺"})

    assert (False, "“场所布局图”也要补正，这次没有告知，以后就不能再提了。") in half
    assert (False, "“营业执照”没有问题，不该要求补正。") in more
    assert (False, "每一项需要补正的内容都要写明缺什么或哪里不符合要求。") in silent


def test_a_second_notice_with_something_new_breaks_the_law() -> None:
    found = texts(_BY_KEY["corrected"], points={"plan": "没有尺寸"})

    assert any("不能再提出新的补正内容" in text for _good, text in found)


# --- pages


@pytest.fixture
def county() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        yield traveller


def address(key: str = "two_gaps") -> str:
    return reverse("service_hall:desk-practice-sample", args=[key])


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_a_sample_is_judged_on_its_page_and_nothing_is_written() -> None:
    client = hall.signed_in(hall.clerk())
    client.get(address())

    with CaptureQueriesContext(connection) as taken:
        response = client.post(address(), {"outcome": "supplement", "point": ["lease"], "reason-lease": "缺少签字"})

    page = response.content.decode()
    assert "也要补正，这次没有告知" in page
    assert 'value="缺少签字"' in page
    written = [one["sql"] for one in taken if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [statement for statement in written if "session" not in statement]


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_practice_is_for_officials_who_handle_cases() -> None:
    for page in (reverse("service_hall:desk-practice"), address()):
        assert Client().get(page).status_code == 302
        assert hall.signed_in(factories.citizen("张一")).get(page).status_code == 403
        assert hall.signed_in(hall.watcher()).get(page).status_code == 403
        assert hall.signed_in(hall.clerk("H05")).get(page).status_code == 200
    assert hall.signed_in(hall.clerk()).get(address("none")).status_code == 404
