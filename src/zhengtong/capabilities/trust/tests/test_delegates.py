"""A delegate for certain items uses the unit's seal for these items only, and for nothing else of the seal."""

import dataclasses

import pytest

from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.models import SealUse
from zhengtong.capabilities.trust.selectors import visible_applications, visible_seals
from zhengtong.capabilities.trust.tests import factories
from zhengtong.capabilities.trust.tests.test_ofd_seals import plain
from zhengtong.capabilities.trust.tests.test_services import CASE, LEADER, ORG, PLATFORM, POSITION
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]

FOOD, OTHER = "000131006000", "000131007000"
SCOPED = dataclasses.replace(LEADER, scopes=(("leader", "unit"),))
LIMITED = dataclasses.replace(SCOPED, delegated_items=frozenset({FOOD}), delegated_by="王五")


@pytest.fixture
def seal() -> api.SealInfo:
    return api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind="official")


def on_pdf(seal: api.SealInfo, actor: Actor, item_code: str) -> bytes:
    return api.seal_pdf(
        actor=actor,
        seal_id=seal.id,
        pdf=factories.licence(),
        reason="准予许可",
        object_ref=CASE,
        position=POSITION,
        item_code=item_code,
    ).pdf


def on_ofd(seal: api.SealInfo, actor: Actor, item_code: str) -> bytes:
    return api.seal_ofd(
        actor=actor,
        seal_id=seal.id,
        ofd=plain(),
        reason="准予许可",
        object_ref=CASE,
        page=0,
        x_mm=150,
        y_mm=220,
        item_code=item_code,
    )


@pytest.mark.parametrize("put", [on_pdf, on_ofd])
def test_the_seal_is_used_for_the_delegated_items_only(seal: api.SealInfo, put: object) -> None:
    for item_code in (OTHER, ""):
        with pytest.raises(NotPermitted, match="王五委托您办理的事项不包括"):
            put(seal, LIMITED, item_code)  # type: ignore[operator]  # one of two functions
    assert not SealUse.objects.exists()

    assert put(seal, LIMITED, FOOD)  # type: ignore[operator]  # the same
    assert put(seal, SCOPED, OTHER)  # type: ignore[operator]  # the same


def test_the_rest_of_the_seals_is_not_delegated(seal: api.SealInfo) -> None:
    with pytest.raises(NotPermitted, match="部分事项"):
        services.apply_for_seal(actor=LIMITED, kind="approval", reason="需要")
    services.apply_for_seal(actor=SCOPED, kind="approval", reason="需要")

    assert [visible_seals(SCOPED).count(), visible_applications(SCOPED).count()] == [1, 1]
    assert [visible_seals(LIMITED).count(), visible_applications(LIMITED).count()] == [0, 0]
