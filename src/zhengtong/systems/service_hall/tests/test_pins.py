"""An application is judged to its end by the versions it was handed in under, whatever is published meanwhile."""

import copy
import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import clock, parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ACCEPTANCE_LIMIT
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db
TENANT = hall.TENANT


@pytest.fixture
def applicant() -> Iterator[Actor]:
    with time_machine.travel("2026-11-09T02:00:00Z"):
        hall.found_county()
        yield people.citizen("张一")


def publish_everything_anew() -> None:
    """A second version of process, form, parameter and item."""
    boss = system(TENANT)
    drawing = (hall.DATA / "processes" / "standard.bpmn").read_text(encoding="utf-8")
    cases.deploy_process(
        actor=hall.official("G22", "process_admin"),
        approver=hall.official("G22", "leader"),
        key="standard",
        title="新流程",
        bpmn_xml=drawing.replace('name="审查"', 'name="新审查"'),
    )
    form = copy.deepcopy(hall.form_definition("general"))
    form["title"] = "新申请表"
    forms.declare_form(actor=boss, key="general", definition=form)
    ParameterValue.objects.create(
        tenant=TENANT, key=ACCEPTANCE_LIMIT, value="2 WD", valid_from=clock.local_date(), source="测试"
    )
    catalogue.publish_item(
        actor=boss,
        draft=hall.item_draft(
            name="小餐饮测试许可（新）",
            promised_limit="3 WD",
            result_document="新许可证",
            result_title="新许可证",
            validity="1年",
        ),
    )


def test_what_it_is_judged_by_is_recorded_when_it_is_handed_in(applicant: Actor) -> None:
    row = hall.submitted(applicant)

    item = catalogue.item_version(row.item_version_id)
    assert row.pins["item"] == {"id": str(item.id), "version": 1}
    assert row.pins["form"] == {"key": "general", "version": 1}
    assert row.pins["process"] == {"key": "standard", "version": 1}
    assert row.pins["template"] == {"key": "licence", "digest": documents.template_digest("licence")}
    assert row.pins["limits"]["promised"] == "8 WD"
    assert row.pins["parameters"][ACCEPTANCE_LIMIT] == "5 WD"
    assert dict(api.pins_of(row)) == {
        "办事指南": "第 1 版",
        "表单": "general 第 1 版",
        "流程": "standard 第 1 版",
        "结果文书模板": f"licence（{documents.template_digest('licence')[:12]}）",
        "时限": "受理 5 个工作日；承诺 8 个工作日；法定 20 个工作日；补正 15 个工作日；送达 10 个工作日",
    }


def test_a_running_case_keeps_its_versions_to_the_end_and_on_the_paper(applicant: Actor) -> None:
    old = hall.submitted(applicant)
    publish_everything_anew()
    new = hall.submitted(people.citizen("王三", phone="13800000003"))

    for row in (old, new):
        hall.act(row, "accept")
        hall.act(row, "pass")
        hall.act(row, "approve", role="leader")
    do_all_work()

    cases_of = {row.id: case_of(row) for row in (old, new)}
    steps = {key: [item.step for item in case.work_items] for key, case in cases_of.items()}
    promised = {key: promised_day(case) for key, case in cases_of.items()}
    titles = {row.id: licence(row).title for row in (old, new)}
    versions = {row.id: (row.pins["item"]["version"], row.pins["form"]["version"]) for row in (old, new)}
    assert steps == {old.id: ["受理", "审查", "决定"], new.id: ["受理", "新审查", "决定"]}
    assert promised == {old.id: dt.date(2026, 11, 19), new.id: dt.date(2026, 11, 12)}
    assert titles == {old.id: "小餐饮经营许可证", new.id: "新许可证"}
    assert versions == {old.id: (1, 1), new.id: (2, 2)}
    assert api.pins_of(Application.objects.get(pk=old.pk)) == api.pins_of(old)
    assert forms.submission(tenant=TENANT, submission_id=old.form_submission_id).version == 1
    assert (licence(old).valid_until or clock.local_date()).year - clock.local_date().year == 3


def case_of(row: Application) -> cases.CaseView:
    assert row.case_id is not None
    return cases.case_view(actor=system(TENANT), case_id=row.case_id)


def promised_day(case: cases.CaseView) -> dt.date | None:
    return next(one.due_on for one in case.clocks if one.kind == "promised")


def licence(row: Application) -> documents.IssuedDocument:
    found = documents.documents_of(tenant=TENANT, object_ref=ObjectRef(kind="application", id=str(row.id)))
    return next(paper for paper in found if paper.kind == "licence")


def test_an_item_that_names_an_older_process_begins_there(applicant: Actor) -> None:
    publish_everything_anew()
    catalogue.publish_item(actor=system(TENANT), draft=hall.item_draft(process_key="standard", process_version=1))

    row = hall.submitted(applicant)

    assert row.case_id is not None
    process = cases.process_of_case(TENANT, row.case_id)
    assert process is not None
    assert (process.version, process.active) == (1, False)


def test_a_process_version_that_does_not_exist_opens_no_case(applicant: Actor) -> None:
    catalogue.publish_item(actor=system(TENANT), draft=hall.item_draft(process_key="standard", process_version=7))

    with pytest.raises(NotFound, match="没有第 7 版"):
        hall.submitted(applicant)


def test_retiring_ends_no_case_and_tells_whoever_has_a_draft(applicant: Actor) -> None:
    running = hall.submitted(applicant)
    other = people.citizen("王三", phone="13800000003")
    draft = hall.ready_draft(other)

    catalogue.retire_item(actor=system(TENANT), code=hall.SIMPLE, reason="取消许可")
    do_all_work()

    assert [message.title for message in notify.inbox(actor=other).rows] == ["您填写中的事项已停用"]
    with pytest.raises(Conflict, match="已经停用"):
        api.submit_application(actor=other, application_id=draft.id)
    hall.act(running, "accept")
    hall.act(running, "pass")
    hall.act(running, "approve", role="leader")
    do_all_work()
    assert licence(running).title == "小餐饮经营许可证"


def test_parameters_are_pinned_as_they_were(applicant: Actor) -> None:
    row = hall.submitted(applicant)
    publish_everything_anew()

    assert parameters.value(ACCEPTANCE_LIMIT, tenant=TENANT) == "2 WD"
    assert Application.objects.get(pk=row.pk).pins["parameters"][ACCEPTANCE_LIMIT] == "5 WD"


def test_the_page_of_the_case_shows_them(applicant: Actor, client: Client) -> None:
    row = hall.submitted(applicant)
    people.sign_in(client, people.official("clerk.g22", "clerk"))

    text = client.get(reverse("service_hall:case", args=[row.case_id])).content.decode()

    assert "所依据的版本" in text
    assert "standard 第 1 版" in text
    assert "现在的流程" not in text
