"""The county's modelled items are right to the last material; all others have a full guide and a route."""

import dataclasses
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.rules import ItemDraft, Surroundings
from zhengtong.capabilities.catalogue.selectors.contents import draft_of
from zhengtong.capabilities.catalogue.selectors.surroundings import surroundings_of
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.models import Agency, Person
from zhengtong.entry.demo import cast
from zhengtong.entry.demo.answers import ANSWERS, ME, NUMBER, PAPERS, PHONE
from zhengtong.entry.demo.load import DATA, load
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.testing.undone import undone
from zhengtong.systems.service_hall import api as hall
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules import is_online_form
from zhengtong.systems.service_hall.services.papers import public_facts
from zhengtong.systems.service_hall.tests import factories as papers

TENANT = "980723"
FILES = sorted((DATA / "items").glob("*.json"))
BUNDLES = {"company_start", "newborn", "restaurant"}
FAVOURABLE = ("accept", "agree", "pass", "approve")
JOINT = {"construction", "entertainment", "road_works", "rural_house", "school_bus"}


@dataclasses.dataclass(frozen=True)
class Known:
    """A published item, what is around it, and its form as declared."""

    row: ItemVersion
    draft: ItemDraft
    around: Surroundings
    form: dict[str, Any]


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Known]]:
    """Every published item of the demonstration by its code; loaded once, taken back afterwards."""
    with django_db_blocker.unblock(), undone():
        list(load(lambda _text: None))
        rows = ItemVersion.objects.filter(tenant=TENANT, status="published").select_related("item__parent")
        yield {row.item.code or "": _known(row) for row in rows}


def _known(row: ItemVersion) -> Known:
    draft = draft_of(row)
    form = forms.form_version(tenant=TENANT, key=row.form_key, version=row.form_version).declaration
    return Known(row, draft, surroundings_of(TENANT, draft), form)


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def modelled(request: pytest.FixtureRequest, county: dict[str, Known]) -> tuple[str, Known]:
    """One modelled item with the name of its file."""
    path: Path = request.param
    return path.stem, county[json.loads(path.read_text(encoding="utf-8"))["code"]]


def test_ten_items_are_modelled_five_joint_reviews_and_three_bundles(county: dict[str, Known]) -> None:
    found = {path.stem: county[json.loads(path.read_text(encoding="utf-8"))["code"]] for path in FILES}

    assert len(found) >= 10
    assert {name for name, one in found.items() if one.draft.kind == "bundle"} >= BUNDLES
    joint = {name for name, one in found.items() if one.draft.kind == "single" and one.draft.joint_units}
    assert joint >= JOINT


def test_nothing_stands_against_its_publication(modelled: tuple[str, Known]) -> None:
    _name, item = modelled

    assert rules.all_refusals(item.draft, item.around) == {}
    assert rules.oddities(item.draft) == ()


def test_its_guide_says_everything(modelled: tuple[str, Known]) -> None:
    _name, item = modelled
    draft = item.draft

    assert rules.guide_gaps(draft) == ()
    assert draft.responsibilities
    assert draft.accountability
    assert draft.exercise_note
    assert len(draft.faq) >= 2
    assert draft.visits is not None
    keys = [material.key for material in draft.materials]
    assert len(set(keys)) == len(keys)
    for material in draft.materials:
        assert material.accept_standard, f"“{material.name}”没有受理标准"
        assert material.form != "数据共享" or material.issuer, f"“{material.name}”没有写由谁共享"
        assert material.copies == 0 or material.form != "数据共享", f"“{material.name}”由系统核验，不要份数"


def test_its_own_form_is_sound_and_has_promises_and_a_contact(modelled: tuple[str, Known]) -> None:
    _name, item = modelled

    assert item.row.form_key != "general"
    assert forms.declaration_faults(item.form) == []
    fields = [field for section in item.form["sections"] for field in section["fields"]]
    assert {"consent", "phone"} <= {field["kind"] for field in fields}
    online = [material for material in item.draft.materials if is_online_form(dataclasses.asdict(material))]
    assert [material.key for material in online] == ["application_form"]


def test_a_check_is_shown_on_the_last_page_it_speaks_of(modelled: tuple[str, Known]) -> None:
    _name, item = modelled
    form = forms.read_definition(item.form)
    page = {field.key: number for number, section in enumerate(form.sections) for field in section.fields}

    for check in form.checks:
        spoken_of = {page[name] for name in (one.partition(".")[0] for one in check.when.fields()) if name in page}
        assert page[check.field.partition(".")[0]] >= max(spoken_of, default=0), check.message


def test_what_is_needed_only_sometimes_is_decided_by_the_answers(modelled: tuple[str, Known]) -> None:
    _name, item = modelled
    stated = {material.key for material in item.draft.materials if material.condition}
    decided = {material.key for material in item.draft.materials if material.when}

    assert stated == decided


def test_a_promise_spares_exactly_the_papers_it_stands_for(modelled: tuple[str, Known]) -> None:
    _name, item = modelled
    promise = item.draft.commitment

    for key in promise.materials if promise else ():
        spared = next(material for material in item.draft.materials if material.key == key)
        assert spared.when, f"选择告知承诺后仍要“{spared.name}”"


def test_members_exist_and_each_uses_materials(modelled: tuple[str, Known], county: dict[str, Known]) -> None:
    name, item = modelled
    if name not in BUNDLES:
        assert not item.draft.members
        return

    for member in item.draft.members:
        assert county[member.code].draft.name == member.name
        assert county[member.code].row.item.org_code == member.org_code
        assert any(member.code in material.members for material in item.draft.materials), f"“{member.name}”没有材料"
    assert all(material.members for material in item.draft.materials)


def test_it_has_a_route_that_reaches_every_joint_unit(modelled: tuple[str, Known]) -> None:
    name, item = modelled

    assert cases.process_versions(TENANT, item.row.process_key)
    assert all(unit["org_code"] for unit in item.row.joint_departments), f"{name} 有派不到的联办单位"
    if name in BUNDLES | JOINT:
        assert len(item.row.joint_departments) >= 1
        process = item.around.process
        assert process is not None
        codes = {unit["org_code"] for unit in item.row.joint_departments}
        assert process.active in process.joint or codes <= process.named[process.active or 0]


def test_an_application_goes_through_to_its_decision(modelled: tuple[str, Known]) -> None:
    name, item = modelled
    applicant = _applicant(item.row.applicant_type)
    code = item.row.item.code or ""

    row = hall.start_application(actor=applicant, item_code=code)
    hall.save_answers(actor=applicant, application_id=row.id, answers=ANSWERS[name])
    view = hall.own_view(actor=applicant, application_id=row.id)
    assert view.form.problems() == {}
    assert {material.key for material in view.missing} == PAPERS[name]
    may_follow = {material.key for material in view.materials if material.state == "may_follow"}
    for key in PAPERS[name] | may_follow:
        hall.attach_material(
            actor=applicant, application_id=row.id, material_key=key, name="材料.pdf", content=papers.pdf()
        )
    row = hall.submit_application(actor=applicant, application_id=row.id)
    units = _decide(row)

    assert {unit["org_code"] for unit in item.row.joint_departments} <= units
    facts = public_facts(forms.submission(tenant=TENANT, submission_id=row.form_submission_id))
    assert facts
    assert not any(NUMBER in value or PHONE in value or ME in value for field, value in facts if not field.prefill)


def _applicant(applicant_type: str) -> Actor:
    """The natural person of the demonstration, or the legal representative where only legal persons may apply."""
    person = cast.OWNER if applicant_type == "legal" else cast.APPLICANT
    found = Person.objects.get(phone_index=blind_index(person.phone))
    agency = Agency.objects.get(person=found).id if applicant_type == "legal" else None
    return identity.actor_for(TENANT, person_id=found.id, agency_id=agency, as_self=agency is None)


def _decide(row: Application) -> set[str]:
    """Every open task done with its favourable outcome; the codes of the units that had one."""
    units: set[str] = set()
    known = {unit.id: unit for unit in identity.organisations(TENANT)}
    assert row.case_id is not None
    for _round in range(12):
        tasks = cases.case_view(actor=system(TENANT), case_id=row.case_id).open_items
        if not tasks:
            return units
        for task in tasks:
            assert task.org_id is not None
            unit = known[task.org_id]
            units.add(unit.code)
            official = Actor(
                tenant=TENANT,
                kind="official",
                person_id=uuid.uuid5(uuid.NAMESPACE_OID, unit.code + task.role),
                name="经办",
                post_name="经办岗",
                org_id=unit.id,
                org_code=unit.code,
                org_name=unit.name,
                org_path=unit.path,
                roles=frozenset({task.role}),
            )
            favourable = next(code for code, _label in task.outcomes if code in FAVOURABLE)
            hall.complete_task(
                actor=official,
                work_item_id=task.id,
                outcome=favourable,
                opinion="符合要求",
                command_key=f"test:{task.id}",
            )
    raise AssertionError("还没有办完")


def test_every_other_item_has_a_full_guide_and_a_route(county: dict[str, Known]) -> None:
    applied = [item for item in county.values() if item.row.process_key]

    assert len(applied) >= 140
    for item in applied:
        assert rules.guide_gaps(item.draft) == (), item.draft.name
        assert rules.all_refusals(item.draft, item.around) == {}, item.draft.name
        assert item.draft.responsibilities, item.draft.name
        assert cases.process_versions(TENANT, item.row.process_key), item.draft.name
        for material in item.draft.materials:
            assert material.accept_standard, f"{item.draft.name}：{material.name}"
            assert material.form == "数据共享" or material.example, f"{item.draft.name}：{material.name}"


def test_what_nobody_applies_for_has_no_route(county: dict[str, Known]) -> None:
    unasked = [item for item in county.values() if not item.row.process_key]

    assert unasked
    assert {item.draft.power_type for item in unasked} <= {"02", "03", "04", "06"}
