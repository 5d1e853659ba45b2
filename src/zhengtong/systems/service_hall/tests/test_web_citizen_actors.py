"""Who may open which page of the applicants: strangers, other citizens, officials, the owner."""

import dataclasses
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.policy import policy_of
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.permissions import is_own
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.web import citizen_urls

pytestmark = pytest.mark.django_db


@dataclasses.dataclass(frozen=True)
class Place:
    """A county with the applications of one person in three states."""

    owner: Actor
    draft: Application
    told: Application
    handed_in: Application

    def url(self, name: str) -> str:
        """Address of a page on the application in the state the page is for."""
        if name in ("section", "autosave", "discard", "materials", "review"):
            return reverse(f"service_hall:{name}", args=[self.draft.id, 1] if name == "section" else [self.draft.id])
        if name in ("file", "remove", "turn"):
            given = self.draft.files.get()
            return reverse(f"service_hall:{name}", args=[self.draft.id, given.id])
        if name == "upload":
            return reverse("service_hall:upload", args=[self.draft.id, hall.REQUIRED])
        if name == "paper":
            view = api.own_view(actor=self.owner, application_id=self.handed_in.id)
            return reverse("service_hall:paper", args=[view.papers[0].id])
        row = self.told if name == "supplement" else self.handed_in
        return reverse(f"service_hall:{name}", args=[row.id])


READ = (
    "section",
    "materials",
    "review",
    "file",
    "application",
    "receipt",
    "supplement",
    "withdraw",
    "hearing",
    "paper",
    "choose-delivery",
)
WRITE = ("section", "autosave", "discard", "review", "upload", "remove", "turn", "supplement", "withdraw", "hearing")


@pytest.fixture
def place() -> Place:
    hall.found_county()
    owner = hall.people.citizen()
    told = hall.told(owner)
    handed_in = hall.submitted(owner)
    do_all_work()
    draft = hall.ready_draft(owner)
    return Place(owner, draft, told, handed_in)


def test_every_address_carries_a_policy() -> None:
    public = {"home", "track", "track_result"}

    kinds = {route.name: policy_of(route.callback) for route in citizen_urls.urlpatterns}

    assert {name for name, policy in kinds.items() if policy and policy.kind == "public"} == public
    assert all(policy is not None for policy in kinds.values())
    filling = {"answer_file", "answer_upload", "newer"}  # their four actors: test_web_filling.py
    hearing = {"waive-hearing"}  # its four actors: test_web_hearings.py
    scanning = {"scan-pages", "scan-page"}  # theirs: test_scans.py
    others = {*filling, *hearing, *scanning, "mine", "apply"}
    assert {name for name in kinds if name not in public} == {*READ, *WRITE, *others}


def _other(who: str) -> Actor | None:
    if who == "stranger":
        return None
    if who == "citizen":
        return hall.people.citizen("李二", phone="13800000002")
    if who == "agent":
        return hall.people.agent(hall.people.citizen("王三", phone="13800000003"))
    return hall.people.official("clerk.fire", "clerk", org_code="H05", org_name=hall.UNITS["H05"])


# one test an actor, not one a page: the county with its papers takes seconds to make
@pytest.mark.parametrize("who", ["owner", "stranger", "citizen", "agent", "official"])
def test_who_may_read_which_page(client: Client, place: Place, who: str) -> None:
    actor = place.owner if who == "owner" else _other(who)
    if actor is not None:
        hall.people.sign_in(client, actor)

    for name in READ:
        response = client.get(place.url(name))
        page = response.content.decode(errors="replace")
        if who == "owner":
            assert response.status_code == 200, name
        elif who == "stranger":
            assert response.status_code == 302, name
            assert response.url.startswith(reverse("account_login")), name
        elif who == "official":
            assert response.status_code in (403, 404), name
        else:
            assert response.status_code == 404, name
            assert "没有找到" in page, name
        assert who == "owner" or hall.ANSWERS["content"] not in page, name


@pytest.mark.parametrize("who", ["stranger", "citizen", "agent", "official"])
def test_nobody_else_changes_anything(client: Client, place: Place, who: str) -> None:
    actor = _other(who)
    if actor is not None:
        hall.people.sign_in(client, actor)

    for name in WRITE:
        response = client.post(place.url(name), {"content": "偷改", "consent": "on", "reason": "偷撤", "go": "next"})
        assert response.status_code in ((302,) if who == "stranger" else (403, 404)), name
        assert response.status_code != 302 or response.url.startswith(reverse("account_login")), name

    view = api.own_view(actor=place.owner, application_id=place.draft.id)
    assert view.form.answers["content"] == hall.ANSWERS["content"]
    assert view.row.status == "draft"
    assert view.row.files.filter(state="current").count() == 1
    place.handed_in.refresh_from_db()
    assert place.handed_in.status == "submitted"


def test_an_official_does_not_apply_in_office(client: Client, place: Place) -> None:
    hall.people.sign_in(client, hall.people.official("clerk", "clerk"))
    url = reverse("service_hall:apply", args=[hall.SIMPLE])

    assert client.get(url).status_code == 403
    response = client.post(url)

    assert response.status_code == 403
    assert "请先切换为个人身份" in response.content.decode()


def test_an_official_who_applied_as_a_citizen_sees_it_only_as_a_citizen(client: Client, place: Place) -> None:
    in_office = dataclasses.replace(hall.official("G22", "clerk"), person_id=place.owner.person_id)

    assert not api.my_applications(actor=in_office).rows
    assert api.my_applications(actor=place.owner).total == 3


def test_an_agent_without_a_legal_person_owns_nothing(place: Place) -> None:
    nobody = dataclasses.replace(place.owner, kind="legal_agent", legal_person_id=None)

    assert api.my_applications(actor=nobody).total == 0


def test_an_agent_applies_for_the_legal_person_and_keeps_it_apart(client: Client, place: Place) -> None:
    agent = hall.people.agent(place.owner)
    hall.people.sign_in(client, agent)
    page = client.get(reverse("service_hall:apply", args=[hall.SIMPLE])).content.decode()
    client.post(reverse("service_hall:apply", args=[hall.SIMPLE]))

    row = Application.objects.get(legal_person_id=agent.legal_person_id)
    answers = api.own_view(actor=agent, application_id=row.id).form.answers

    assert "以单位身份申请" in page
    assert answers["applicant_kind"] == "legal"
    assert answers["legal_name"] == agent.on_behalf_of
    assert client.get(place.url("application")).status_code == 404
    hall.people.sign_in(client, place.owner)
    assert client.get(reverse("service_hall:section", args=[row.id, 1])).status_code == 404


def _declared(person: Actor) -> Actor:
    """A person who says that he acts for a company; nobody has confirmed it."""
    agency = identity.register_legal_person(
        actor=person,
        name="青禾县一品餐饮店",
        uscc="92341300MA2ABCDEX8",
        representative_name="赵五",
        role="agent",
        valid_until=local_date() + dt.timedelta(days=30),
    )
    return identity.actor_for(person.tenant, person_id=person.person_id, agency_id=agency)


def test_who_only_declares_to_speak_for_a_legal_person_sees_nothing_of_others(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other = _declared(place.owner), _declared(hall.people.citizen("李二", phone="13800000002"))
    row = api.start_application(actor=agent, item_code=hall.SIMPLE)
    assert agent.legal_person_id == other.legal_person_id

    assert [found.id for found in api.my_applications(actor=agent).rows] == [row.id]
    assert api.my_applications(actor=other).total == 0
    assert not is_own(other, row)

    known = identity.legal_person_of(other)
    monkeypatch.setattr(identity, "legal_person_of", lambda actor: dataclasses.replace(known, verified=True))
    assert is_own(other, row)


def test_an_official_without_a_post_for_it_reads_no_paper(client: Client, place: Place) -> None:
    hall.people.sign_in(
        client, hall.people.official("admin.sys", "sys_admin", org_code="G22", org_name=hall.UNITS["G22"])
    )

    assert client.get(place.url("paper")).status_code == 403


def test_a_legal_person_is_told_to_change_identity_for_a_matter_of_persons(client: Client, place: Place) -> None:
    hall.people.sign_in(client, hall.people.agent(place.owner))
    url = reverse("service_hall:apply", args=[hall.PERSONS_ONLY])

    page = client.get(url)

    assert page.status_code == 200
    assert "由个人申请" in page.content.decode()
    assert reverse("account_choose_identity") in page.content.decode()
    assert client.post(url).status_code == 403


def test_home_and_list_show_what_waits_first(client: Client, place: Place) -> None:
    hall.people.sign_in(client, place.owner)

    home = client.get(reverse("service_hall:home")).content.decode()
    mine = client.get(reverse("service_hall:mine")).content.decode()

    assert home.index("还需要补正 1 项内容") < home.index("开始的草稿，还没有提交")
    assert "共 3 件" in mine
    assert reverse("service_hall:supplement", args=[place.told.id]) in mine
    portal = client.get("/").content.decode()
    assert "有 1 件申请等您补正材料" in portal


def test_a_stranger_sees_the_hall_without_anybodys_cases(client: Client, place: Place) -> None:
    page = client.get(reverse("service_hall:home")).content.decode()

    assert "常办事项" in page
    assert "等您办理" not in page
    assert reverse("service_hall:track") in page
