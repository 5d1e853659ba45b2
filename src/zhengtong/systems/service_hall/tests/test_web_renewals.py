"""Renewing a licence of one's own: chosen on the page, checked by the server, and what silence means for the clock."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.registry import ServiceCall
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.services import papers
from zhengtong.systems.service_hall.tests import hall_factories as hall

pytestmark = pytest.mark.django_db
APPLY = "service_hall:apply"
LAST_DAY = dt.date(2027, 4, 30)  # of every licence here: long before the certificates of the county's seals end


@pytest.fixture(autouse=True)
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr(papers, "licence_validity", lambda _validity, issued_on: (issued_on, LAST_DAY))
    with time_machine.travel(hall.MONDAY, tick=False) as traveller:
        hall.found_hall()
        cases.forget_calendars()
        yield traveller
        cases.forget_calendars()


def granted(actor: Actor) -> documents.IssuedDocument:
    """A licence that was applied for and granted, until LAST_DAY."""
    row = hall.submitted(actor)
    hall.reviewed(row)
    hall.do(hall.clerk("G22", "leader"), row, "decide", "approve")
    do_all_work()
    return api.my_licences(actor=actor)[0]


@pytest.fixture
def licence(applicant: Actor) -> documents.IssuedDocument:
    return granted(applicant)


def near_the_end(county: time_machine.Traveller, *, days: int) -> None:
    """So many natural days before the licences end, ten in the morning."""
    county.move_to(dt.datetime.combine(LAST_DAY - dt.timedelta(days=days), dt.time(2), tzinfo=dt.UTC))
    cases.forget_calendars()


def choose(client: Client, licence: documents.IssuedDocument | None) -> Application:
    """Choose on the page and start; the draft."""
    chosen = str(licence.id) if licence else "first"
    answer = client.post(reverse(APPLY, args=[hall.ITEM]), {"renews": chosen})
    assert answer.status_code == 302
    return Application.objects.get(status="draft")


def hand_in(actor: Actor, client: Client, row: Application) -> Application:
    api.save_answers(
        actor=actor,
        application_id=row.id,
        answers={"principal": "张一", "phone": "13800000001", "shop": "老街面馆", "area": "86"},
    )
    for key in ("lease", "plan", "sign"):
        hall.attach(actor, row, key, "white")
    review = client.get(reverse("service_hall:review", args=[row.id])).content.decode()
    assert ("这次申请延续证照" in review) == (row.licence_id is not None)
    answer = client.post(reverse("service_hall:review", args=[row.id]), {"consent": "on"})
    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    return row


def test_a_renewal_from_the_choice_to_the_consent_by_silence(
    applicant: Actor, licence: documents.IssuedDocument, county: time_machine.Traveller
) -> None:
    near_the_end(county, days=60)
    client = hall.signed_in(applicant)
    page = client.get(reverse(APPLY, args=[hall.ITEM])).content.decode()
    assert licence.number in page
    assert "届满前没有作出决定的，视为准予延续" in page

    row = hand_in(applicant, client, choose(client, licence))

    assert (row.licence_id, row.licence_number, row.licence_until) == (licence.id, licence.number, LAST_DAY)
    case = cases.case_view(actor=hall.clerk(), case_id=hall.case_id(row))
    limit = next(one for one in case.clocks if one.kind == "renewal")
    assert (limit.state, limit.due_on) == ("running", LAST_DAY)
    desk = hall.signed_in(hall.clerk()).get(hall.case_address(row)).content.decode()
    assert f"{licence.number}（有效期至2027年4月30日）" in desk
    hall.do(hall.clerk(), row, "accept", "accept")

    near_the_end(county, days=-1)
    do_all_work()

    mine = hall.signed_in(applicant).get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert "依法视为准予延续" in mine
    assert SiteMessage.objects.filter(person_id=applicant.person_id, title="视为准予延续").exists()


def test_a_renewal_asked_for_too_late_says_so_and_is_not_deemed(
    applicant: Actor, licence: documents.IssuedDocument, county: time_machine.Traveller
) -> None:
    near_the_end(county, days=10)
    client = hall.signed_in(applicant)

    page = client.get(reverse(APPLY, args=[hall.ITEM])).content.decode()
    row = hand_in(applicant, client, choose(client, licence))
    near_the_end(county, days=-1)
    do_all_work()

    assert "现在已经过了，届满前没有作出决定的，不视为准予延续" in page
    assert cases.case_view(actor=hall.clerk(), case_id=hall.case_id(row)).renewal_deemed_on is None


def test_nobody_is_asked_who_has_nothing_to_renew(applicant: Actor) -> None:
    client = hall.signed_in(applicant)

    assert 'name="renews"' not in client.get(reverse(APPLY, args=[hall.ITEM])).content.decode()
    assert client.post(reverse(APPLY, args=[hall.ITEM])).status_code == 302
    assert Application.objects.get().licence_id is None


def test_the_choice_has_to_be_made_and_can_be_changed_while_it_is_a_draft(
    applicant: Actor, licence: documents.IssuedDocument
) -> None:
    client = hall.signed_in(applicant)

    refused = client.post(reverse(APPLY, args=[hall.ITEM]))
    assert refused.status_code == 422
    assert "请选择" in refused.content.decode()
    assert choose(client, licence).licence_id == licence.id
    assert choose(client, None).licence_id is None
    draft = choose(client, licence)

    assert (draft.licence_id, Application.objects.filter(status="draft").count()) == (licence.id, 1)
    assert f'value="{licence.id}"' in client.get(reverse(APPLY, args=[hall.ITEM])).content.decode()


def test_another_persons_licence_an_unknown_one_and_one_that_ended_are_refused(
    applicant: Actor, licence: documents.IssuedDocument, county: time_machine.Traveller
) -> None:
    other = factories.citizen("李二", phone="13800000002")
    client = hall.signed_in(other)
    theirs = granted(other)

    forged = client.post(reverse(APPLY, args=[hall.ITEM]), {"renews": str(licence.id)})
    assert forged.status_code == 422
    for key in (licence.id, uuid.uuid4()):
        with pytest.raises(Invalid, match="不能延续这份证照"):
            api.start_application(actor=other, item_code=hall.ITEM, renews=key)
    draft = choose(client, theirs)
    near_the_end(county, days=-1)
    assert api.renewable_licences(actor=other, item_code=hall.ITEM) == []
    with pytest.raises(Invalid, match="不能延续这份证照"):
        api.submit_application(actor=other, application_id=_filled(other, draft).id)


def _filled(actor: Actor, row: Application) -> Application:
    api.save_answers(
        actor=actor,
        application_id=row.id,
        answers={"principal": "李二", "phone": "13800000002", "shop": "老街面馆", "area": "86"},
    )
    for key in ("lease", "plan", "sign"):
        hall.attach(actor, row, key, "white")
    return row


def test_a_licence_is_renewed_by_one_application_at_a_time_and_never_when_withdrawn(
    applicant: Actor, licence: documents.IssuedDocument
) -> None:
    client = hall.signed_in(applicant)
    row = hand_in(applicant, client, choose(client, licence))

    assert api.renewable_licences(actor=applicant, item_code=hall.ITEM) == []
    with pytest.raises(Invalid, match="正在办理延续"):
        api.start_application(actor=applicant, item_code=hall.ITEM, renews=licence.id)
    api.withdraw_application(actor=applicant, application_id=row.id, reason="不办了", command_key="w")
    do_all_work()
    assert [paper.id for paper in api.renewable_licences(actor=applicant, item_code=hall.ITEM)] == [licence.id]

    documents.withdraw_document(
        actor=hall.clerk("G22", "leader"), document_id=licence.id, reason="登记有误", ground=documents.EndGround.MISTAKE
    )
    assert api.renewable_licences(actor=applicant, item_code=hall.ITEM) == []


def grant(row: Application) -> None:
    """Accept, review and approve the renewal, and let its papers be made."""
    hall.reviewed(row)
    hall.do(hall.clerk("G22", "leader"), row, "decide", "approve")
    do_all_work()


def licence_of(actor: Actor, row: Application) -> documents.IssuedDocument:
    papers = api.own_view(actor=actor, application_id=row.id).papers
    return next(one for one in papers if one.kind == documents.DocumentKind.LICENCE)


def test_a_renewed_licence_takes_the_place_of_the_one_before(
    applicant: Actor, licence: documents.IssuedDocument
) -> None:
    client = hall.signed_in(applicant)
    row = hand_in(applicant, client, choose(client, licence))
    grant(row)

    new = licence_of(applicant, row)
    former = documents.find_document(actor=applicant, document_id=licence.id)
    assert (former.status, new.status) == ("superseded", "issued")
    found = documents.document_view(actor=hall.clerk("G22", "leader"), document_id=licence.id)
    assert (found.successor, found.ended_ground) == (new.id, "有效期延续，换发新证")
    assert documents.verify_by_code(licence.verification_code).verdict == documents.Verdict.SUPERSEDED
    assert [one.id for one in api.renewable_licences(actor=applicant, item_code=hall.ITEM)] == [new.id]
    subject = ObjectRef(kind=OBJECT_KIND, id=str(row.id))
    call = ServiceCall(tenant=row.tenant, case_id=hall.case_id(row), token=1, topic="issue_licence", subject=subject)
    again = papers.issue_licence(call)  # a service task may be repeated
    assert again["document"] == str(new.id)
    assert documents.find_document(actor=applicant, document_id=new.id).status == "issued"


def test_a_licence_withdrawn_meanwhile_stays_withdrawn(applicant: Actor, licence: documents.IssuedDocument) -> None:
    client = hall.signed_in(applicant)
    row = hand_in(applicant, client, choose(client, licence))
    leader = hall.clerk("G22", "leader")
    documents.withdraw_document(
        actor=leader, document_id=licence.id, reason="依法撤销", ground=documents.EndGround.REVOKED
    )
    grant(row)

    new = licence_of(applicant, row)
    assert new.status == "issued"
    assert documents.find_document(actor=applicant, document_id=licence.id).status == "withdrawn"
    assert documents.document_view(actor=leader, document_id=new.id).predecessor is None
