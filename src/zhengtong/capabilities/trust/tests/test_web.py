"""Pages of seals and certificates: who may open them, and what can be done there."""

import time
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.constants import SealKind
from zhengtong.capabilities.trust.models import Certificate, Seal, SealApplication
from zhengtong.capabilities.trust.services import applications
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.making import MadeSeal, prepare_seal
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.kernel.signing.errors import KeyUnusable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]

UNIT, OTHER = ("G22", "青禾县市场监督管理局"), ("G23", "青禾县民政局")
REASON = "机构改革后不再使用"


def official(username: str, role: str, unit: tuple[str, str] = UNIT) -> Actor:
    return people.official(username, role, org_code=unit[0], org_name=unit[1])


@pytest.fixture
def admin() -> Actor:
    return official("baoan", "sec_admin", ("G01", "青禾县数据局"))


@pytest.fixture
def leader() -> Actor:
    return official("lingdao", "leader")


@pytest.fixture
def seal(leader: Actor) -> api.SealInfo:
    assert leader.org_id is not None
    return api.ensure_seal(
        actor=system(leader.tenant), org_id=leader.org_id, org_name=leader.org_name, kind=SealKind.OFFICIAL
    )


def signed_in(client: Client, actor: Actor) -> Client:
    signed: Client = people.sign_in(client, actor)
    return signed


def use(seal: api.SealInfo, actor: Actor) -> api.SealedPdf:
    return api.seal_pdf(
        actor=actor,
        seal_id=seal.id,
        pdf=factories.licence(),
        reason="准予许可",
        object_ref=ObjectRef(kind="case", id="c-1"),
        position=api.SealPosition(x=440, y=180),
    )


@pytest.mark.parametrize("name", ["seals", "seal", "picture"])
def test_four_actors_before_a_seal(name: str, client: Client, admin: Actor, leader: Actor, seal: api.SealInfo) -> None:
    url = reverse(f"trust:{name}", args=[] if name == "seals" else [seal.id])
    answers = {
        "stranger": Client().get(url).status_code,
        "wrong role": signed_in(Client(), official("jiancha", "supervisor")).get(url).status_code,
        "wrong organisation": signed_in(Client(), official("bieren", "leader", OTHER)).get(url),
        "own unit": signed_in(Client(), leader).get(url).status_code,
        "administrator": signed_in(Client(), admin).get(url).status_code,
    }

    other = answers.pop("wrong organisation")
    assert answers == {"stranger": 302, "wrong role": 403, "own unit": 200, "administrator": 200}
    if name == "seals":
        assert seal.name not in other.content.decode()
    else:
        assert other.status_code == 404


def stale(actor: Actor) -> Client:
    """Signed in, but the second factor was given twenty minutes ago."""
    client = signed_in(Client(), actor)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 1200}]
    session.save()
    return client


def test_what_cannot_be_undone_asks_for_the_second_factor_again_and_reading_does_not(
    admin: Actor, leader: Actor, seal: api.SealInfo
) -> None:
    row = services.apply_for_seal(actor=leader, kind="approval", reason="集中办理审批事项")
    leaf = Certificate.objects.filter(seal=seal.id)[0]
    page = stale(admin)
    acts = {
        "change_seal": (seal.id, {"act": "revoke", "reason_revoke": REASON}),
        "decide_application": (row.id, {"act": "approve"}),
        "change_certificate": (leaf.id, {"act": "revoke", "reason": "key_compromise"}),
    }

    read = [page.get(reverse(f"trust:{n}", args=[k])) for n, k in (("seal", seal.id), ("application", row.id))]
    read.append(page.get(reverse("trust:certificate", args=[leaf.id])))
    asked = {name: page.post(reverse(f"trust:{name}", args=[key]), given) for name, (key, given) in acts.items()}

    assert [one.status_code for one in read] == [200, 200, 200]
    assert {name: one.status_code for name, one in asked.items()} == dict.fromkeys(acts, 403)
    assert "动态口令" in asked["change_seal"].content.decode()
    assert Seal.objects.get().status == "active"
    # the same act goes through together with the answer
    key, given = acts["change_seal"]
    code = identity.totp_code("baoan", tenant=admin.tenant)
    page.post(reverse("trust:change_seal", args=[key]), {**given, "fresh_factor_code": code})
    assert Seal.objects.get().status == "revoked"


@pytest.mark.parametrize("name", ["certificates", "certificate"])
def test_four_actors_before_the_certificates(name: str, admin: Actor, leader: Actor, seal: api.SealInfo) -> None:
    row = Certificate.objects.filter(seal=seal.id)[0]
    url = reverse(f"trust:{name}", args=[] if name == "certificates" else [row.id])

    answers = [
        Client().get(url).status_code,
        signed_in(Client(), leader).get(url).status_code,
        signed_in(Client(), official("jiancha", "supervisor")).get(url).status_code,
        signed_in(Client(), admin).get(url).status_code,
    ]

    assert answers == [302, 403, 403, 200]


def test_only_the_administrator_acts_on_a_seal(leader: Actor, seal: api.SealInfo) -> None:
    page = signed_in(Client(), leader)
    change = reverse("trust:change_seal", args=[seal.id])

    assert "注销印章" not in page.get(reverse("trust:seal", args=[seal.id])).content.decode()
    assert page.post(change, {"act": "revoke", "reason_revoke": REASON}).status_code == 403
    assert Seal.objects.get(id=seal.id).status == "active"


def test_a_seal_is_stopped_resumed_revoked_and_destroyed(client: Client, admin: Actor, seal: api.SealInfo) -> None:
    page, url = signed_in(client, admin), reverse("trust:change_seal", args=[seal.id])
    for act, status in (("suspend", "停用"), ("resume", "在用"), ("revoke", "注销"), ("destroy", "销毁")):
        answer = page.post(url, {"act": act, f"reason_{act}": REASON}, follow=True)
        assert f"现在的状态是“{status}”" in answer.content.decode()

    assert Seal.objects.get(id=seal.id).status == "destroyed"
    assert "销毁印章" not in page.get(reverse("trust:seal", args=[seal.id])).content.decode()


def test_a_refusal_keeps_what_was_typed(client: Client, admin: Actor, seal: api.SealInfo) -> None:
    page, url = signed_in(client, admin), reverse("trust:change_seal", args=[seal.id])

    short = page.post(url, {"act": "suspend", "reason_suspend": "停用"})
    wrong = page.post(url, {"act": "resume", "reason_resume": REASON})
    nonsense = page.post(url, {"act": "eat", "reason_eat": REASON})

    assert short.status_code == wrong.status_code == nonsense.status_code == 422
    assert "至少写 5 个字" in short.content.decode()
    assert ">\n停用</textarea>" in short.content.decode()
    assert "不能改为" in wrong.content.decode()


def test_every_use_is_listed_with_the_digest(client: Client, leader: Actor, seal: api.SealInfo) -> None:
    from zhengtong.capabilities.trust.services.digests import sm3
    from zhengtong.kernel.ui.formats import group4

    sealed = use(seal, leader)

    text = signed_in(client, leader).get(reverse("trust:seal", args=[seal.id])).content.decode()

    assert group4(sm3(sealed.pdf)) in text
    assert "准予许可" in text
    assert "共用印 1 次" in text


def test_a_unit_applies_and_a_second_person_approves(leader: Actor, admin: Actor) -> None:
    mine, theirs = signed_in(Client(), leader), signed_in(Client(), admin)
    answer = mine.post(reverse("trust:apply"), {"kind": "approval", "reason": "集中办理审批事项"})
    row = SealApplication.objects.get()
    url = reverse("trust:application", args=[row.id])
    decide = reverse("trust:decide_application", args=[row.id])
    assert answer["Location"] == url

    assert "集中办理审批事项" in theirs.get(url).content.decode()
    assert row.org_name in theirs.get(reverse("trust:seals")).content.decode()
    assert mine.post(decide, {"act": "approve"}).status_code == 403
    approved = theirs.post(decide, {"act": "approve"})

    seal = Seal.objects.get()
    assert approved["Location"] == reverse("trust:seal", args=[seal.id])
    assert (seal.org_name, seal.kind, seal.status) == (leader.org_name, "approval", "active")
    row.refresh_from_db()
    assert (row.status, row.decided_by_name, row.seal_id) == ("approved", admin.name, seal.id)
    assert theirs.post(decide, {"act": "approve"}).status_code == 422


def test_an_application_may_be_refused_with_a_reason(leader: Actor, admin: Actor) -> None:
    signed_in(Client(), leader).post(reverse("trust:apply"), {"kind": "official", "reason": "需要"})
    url = reverse("trust:decide_application", args=[SealApplication.objects.get().id])
    theirs = signed_in(Client(), admin)

    assert theirs.post(url, {"act": "refuse", "reason": ""}).status_code == 422
    assert theirs.post(url, {"act": "refuse", "reason": "已有实物印章，暂不制作"}).status_code == 302

    assert SealApplication.objects.get().status == "refused"
    assert not Seal.objects.exists()
    # a refused application does not stand in the way of another one
    assert (
        signed_in(Client(), leader).post(reverse("trust:apply"), {"kind": "official", "reason": "再次申请"}).status_code
        == 302
    )


def test_a_seal_is_applied_for_once(client: Client, leader: Actor, seal: api.SealInfo) -> None:
    page = signed_in(client, leader)

    has_one = page.post(reverse("trust:apply"), {"kind": "official", "reason": "再要一枚"})
    nothing = page.post(reverse("trust:apply"), {"kind": "approval", "reason": " "})
    page.post(reverse("trust:apply"), {"kind": "approval", "reason": "需要"})
    twice = page.post(reverse("trust:apply"), {"kind": "approval", "reason": "需要"})

    assert [one.status_code for one in (has_one, nothing, twice)] == [422, 422, 422]
    assert "已有这种印章" in has_one.content.decode()
    assert "请填写申请理由" in nothing.content.decode()
    assert "正在等待审批" in twice.content.decode()


def test_nobody_approves_his_own_application() -> None:
    both = people.official("shuangzhong", "leader", org_code="G22", org_name=UNIT[1])
    row = services.apply_for_seal(actor=both, kind="official", reason="需要")
    again = Actor(
        tenant=both.tenant,
        kind="official",
        person_id=both.person_id,
        name=both.name,
        roles=frozenset({"sec_admin"}),
    )

    with pytest.raises(NotPermitted, match="不能审批自己的申请"):
        services.approve_application(actor=again, application_id=row.id)
    assert not Seal.objects.exists()


def test_a_seal_refused_while_it_was_made_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, leader: Actor, admin: Actor
) -> None:
    row = services.apply_for_seal(actor=leader, kind="official", reason="需要")
    made: list[MadeSeal] = []

    def meanwhile(**given: Any) -> MadeSeal:
        made.append(prepare_seal(**given))
        services.refuse_application(actor=admin, application_id=row.id, reason="已有纸质印章")
        return made[0]

    monkeypatch.setattr(applications, "prepare_seal", meanwhile)
    with pytest.raises(Conflict, match="已经办结"):
        services.approve_application(actor=admin, application_id=row.id)

    assert not Seal.objects.exists()
    for one in made[0].certificates:
        with pytest.raises(KeyUnusable):
            key_store().load(one.key_name)


def test_an_application_of_another_unit_is_not_shown(leader: Actor) -> None:
    row = services.apply_for_seal(actor=leader, kind="official", reason="需要")
    url = reverse("trust:application", args=[row.id])

    assert Client().get(url).status_code == 302
    assert signed_in(Client(), official("bieren", "clerk", OTHER)).get(url).status_code == 404
    assert signed_in(Client(), leader).get(url).status_code == 200


def test_a_certificate_is_held_released_and_revoked(client: Client, admin: Actor, seal: api.SealInfo) -> None:
    row = Certificate.objects.filter(seal=seal.id)[0]
    page, url = signed_in(client, admin), reverse("trust:change_certificate", args=[row.id])

    states = []
    for act, more in (("hold", {}), ("release", {}), ("revoke", {"reason": "key_compromise"})):
        assert page.post(url, {"act": act, **more}).status_code == 302
        row.refresh_from_db()
        states.append(row.status)

    assert states == ["held", "active", "revoked"]
    assert page.post(url, {"act": "release"}).status_code == 422
    assert page.post(url, {"act": "revoke", "reason": ""}).status_code == 422
    text = page.get(reverse("trust:certificates") + "?role=seal").content.decode()
    assert "已吊销" in text


def test_anybody_reads_the_page_of_the_authority(client: Client, seal: api.SealInfo) -> None:
    text = client.get(reverse("trust:authority")).content.decode()

    assert "开发用证书，不具法律效力" in text
    for row in Certificate.objects.filter(role__in=("root", "issuing")):
        assert reverse("trust:authority_certificate", args=[row.serial]) in text
        assert client.get(reverse("trust:authority_certificate", args=[row.serial])).status_code == 200
        assert client.get(reverse("trust:revocation_list", args=[row.serial])).status_code == 200


def test_an_empty_authority_says_so(client: Client) -> None:
    assert "还没有根证书" in client.get(reverse("trust:authority")).content.decode()


def test_what_is_not_an_authority_is_not_published(client: Client, seal: api.SealInfo) -> None:
    leaf = Certificate.objects.filter(seal=seal.id)[0]

    assert client.get(reverse("trust:authority_certificate", args=[leaf.serial])).status_code == 404
    assert client.get(reverse("trust:revocation_list", args=["no-such"])).status_code == 404


def test_unknown_things_are_not_found(client: Client, admin: Actor) -> None:
    page = signed_in(client, admin)

    for name in ("seal", "certificate", "application", "picture"):
        assert page.get(reverse(f"trust:{name}", args=[uuid.UUID(int=1)])).status_code == 404


def test_a_second_application_at_once_is_refused(leader: Actor) -> None:
    services.apply_for_seal(actor=leader, kind="official", reason="需要")

    with pytest.raises(Conflict, match="正在等待审批"):
        services.apply_for_seal(actor=leader, kind="official", reason="需要")


def test_a_reason_too_long_is_refused_whole(leader: Actor, admin: Actor, seal: api.SealInfo) -> None:
    long = "长" * 201
    mine, theirs = signed_in(Client(), leader), signed_in(Client(), admin)
    asked = mine.post(reverse("trust:apply"), {"kind": "approval", "reason": long})
    services.apply_for_seal(actor=leader, kind="approval", reason="集中办理审批事项")
    row = SealApplication.objects.get()

    refused = theirs.post(reverse("trust:decide_application", args=[row.id]), {"act": "refuse", "reason": long})
    stopped = theirs.post(reverse("trust:change_seal", args=[seal.id]), {"act": "suspend", "reason_suspend": long})

    for answer in (asked, refused, stopped):
        assert answer.status_code == 422
        assert long in answer.content.decode()
    assert Seal.objects.get(id=seal.id).status == "active"


def test_after_somebody_was_faster_the_page_shows_how_things_stand(
    leader: Actor, admin: Actor, seal: api.SealInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.apply_for_seal(actor=leader, kind="approval", reason="集中办理审批事项")
    row = SealApplication.objects.get()
    other = official("lingwai", "sec_admin", ("G01", "青禾县数据局"))

    def late(**asked: Any) -> None:
        services.refuse_application(actor=other, application_id=row.id, reason="已有专用章")
        raise Conflict("这份申请已经办结，不能重复审批。")

    monkeypatch.setattr(services, "approve_application", late)
    answer = signed_in(Client(), admin).post(reverse("trust:decide_application", args=[row.id]), {"act": "approve"})

    assert answer.status_code == 422
    assert "已有专用章" in answer.content.decode()
    assert 'value="approve"' not in answer.content.decode()
