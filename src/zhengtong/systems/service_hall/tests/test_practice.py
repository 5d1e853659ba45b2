"""Training: the samples can be handled rightly, mistakes are said, and only the progress is written."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.service_hall.models import Application, CaseFigure, TrainingRun
from zhengtong.systems.service_hall.rules.practice import MISTAKES, judge
from zhengtong.systems.service_hall.rules.practice_samples import OUTCOMES, SAMPLES, Sample
from zhengtong.systems.service_hall.tests import hall_factories as hall

_BY_KEY = {sample.key: sample for sample in SAMPLES}


def texts(sample: Sample, *, points: dict[str, str]) -> list[tuple[bool, str]]:
    found = judge(sample, outcome="supplement", points=points, opinion="")
    return [(finding.good, finding.text) for finding in found]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_every_sample_can_be_handled_without_a_reproach(sample: Sample) -> None:
    points = dict.fromkeys(sample.wanting, "请补齐") if sample.right == "supplement" else {}

    found = judge(sample, outcome=sample.right, points=points, opinion="理由；可以申请行政复议或者提起行政诉讼")

    assert all(finding.good for finding in found)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_every_other_conclusion_is_reproached(sample: Sample) -> None:
    for outcome in {code for code, _label, _key in OUTCOMES[sample.step]} - {sample.right}:
        assert judge(sample, outcome=outcome, points={}, opinion="理由")[0].mistake == "conclusion"
    assert judge(sample, outcome="none of them", points={}, opinion="")[0].mistake == "none"


def test_every_mistake_is_explained() -> None:
    said = {
        finding.mistake
        for sample in SAMPLES
        for outcome, _label, _key in OUTCOMES[sample.step]
        for points in ({}, {"lease": "", "plan": "缺", "licence": "缺"}, {"lease": "缺"})
        for finding in judge(sample, outcome=outcome, points=points, opinion="")
        if not finding.good
    }

    assert said <= set(MISTAKES)
    assert said >= {"conclusion", "notice", "forgotten", "excess", "no_reason"}


def test_a_refused_licence_tells_of_the_remedy() -> None:
    found = judge(_BY_KEY["decide_reject"], outcome="reject", points={}, opinion="不符合第八条")

    assert [finding.mistake for finding in found if not finding.good] == ["no_remedy"]


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


RIGHT = {"outcome": "supplement", "point": ["lease", "plan"], "reason-lease": "缺出租人签字", "reason-plan": "没有提交"}


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_a_sample_is_judged_on_its_page_and_only_the_progress_is_written() -> None:
    client = hall.signed_in(hall.clerk())
    client.get(address())
    told = OutboxEvent.objects.count()
    before = Entry.objects.count(), SiteMessage.objects.count(), Application.objects.count(), CaseFigure.objects.count()

    with CaptureQueriesContext(connection) as taken:
        response = client.post(address(), {"outcome": "supplement", "point": ["lease"], "reason-lease": "缺少签字"})

    page = response.content.decode()
    assert "也要补正，这次没有告知" in page
    assert MISTAKES["forgotten"][1] in page
    assert 'value="缺少签字"' in page
    written = [one["sql"] for one in taken if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written
    assert not [sql for sql in written if "session" not in sql and "service_hall_trainingrun" not in sql]
    client.post(address(), RIGHT)
    after = Entry.objects.count(), SiteMessage.objects.count(), Application.objects.count(), CaseFigure.objects.count()
    assert before == after
    news = OutboxEvent.objects.order_by("id")[told:]
    assert [event.name for event in news] == ["service_hall.training_finished.v1"]


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_progress_is_shown_and_finishing_is_told_once_without_a_name() -> None:
    clerk = hall.clerk()
    client = hall.signed_in(clerk)
    client.post(address(), {"outcome": "accept"})
    assert "做过 1 次，还没有做对" in client.get(reverse("service_hall:desk-practice")).content.decode()

    done = client.post(address(), RIGHT).content.decode()
    client.post(address(), {"outcome": "accept"})
    client.post(address("complete"), {"outcome": "accept"})

    page = client.get(reverse("service_hall:desk-practice")).content.decode()
    assert "这个练习做完了" in done
    assert f"做完 2 个，共 {len(SAMPLES)} 个" in page
    assert "一次做对" in page
    assert MISTAKES["conclusion"][1] in page
    told = OutboxEvent.objects.filter(name="service_hall.training_finished.v1").order_by("id")
    assert [(event.data["exercise"], event.data["result"], event.data["tries"]) for event in told] == [
        ("two_gaps", "later", 2),
        ("complete", "first_try", 1),
    ]
    assert {event.data["org_name"] for event in told} == {clerk.org_name}
    assert clerk.name not in str([event.data for event in told])
    assert str(clerk.person_id) not in str([event.data for event in told])
    assert TrainingRun.objects.get(exercise="two_gaps").tries == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_who_answers_for_a_unit_sees_who_has_finished() -> None:
    clerk = hall.clerk()
    hall.signed_in(clerk).post(address("complete"), {"outcome": "accept"})
    hall.signed_in(clerk).post(address("elsewhere"), {"outcome": "accept"})
    team = reverse("service_hall:desk-practice-team")
    leader = factories.official(
        "boss.own", "leader", org_code=clerk.org_code, org_name=clerk.org_name, name="本局负责人"
    )
    other = factories.official("boss.fire", "leader", org_code="H05", org_name="消防", name="别局负责人")

    own = hall.signed_in(leader).get(team).content.decode()
    county = hall.signed_in(hall.watcher()).get(team).content.decode()
    elsewhere = hall.signed_in(other).get(team).content.decode()

    for page in (own, county):
        assert clerk.name in page
        assert f"还差 {len(SAMPLES) - 1} 个" in page
        assert MISTAKES["conclusion"][0] in page
    assert clerk.name not in elsewhere
    assert MISTAKES["conclusion"][0] not in elsewhere
    assert Client().get(team).status_code == 302
    for nobody in (factories.citizen("张一"), clerk):
        assert hall.signed_in(nobody).get(team).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_practice_is_for_officials_who_handle_cases() -> None:
    for page in (reverse("service_hall:desk-practice"), address()):
        assert Client().get(page).status_code == 302
        assert hall.signed_in(factories.citizen("张一")).get(page).status_code == 403
        assert hall.signed_in(hall.watcher()).get(page).status_code == 403
        assert hall.signed_in(hall.clerk("H05")).get(page).status_code == 200
    assert hall.signed_in(hall.clerk()).get(address("none")).status_code == 404
