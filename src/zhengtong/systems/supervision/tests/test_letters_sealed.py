"""A letter of supervision goes out unsealed only while no lawful authority is there, never for another failure."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import LazySettings

from zhengtong.capabilities.trust import api as trust
from zhengtong.capabilities.trust.services import making
from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision import services
from zhengtong.systems.supervision.models import Card, Letter
from zhengtong.systems.supervision.tests.county import FIRE, TENANT, Matter, install, official, supervisor

__all__ = ["cheap_key_store"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
SAID = {"findings": "受理时限多次超期。", "advice": "请完善窗口值班制度。"}


@pytest.fixture
def card() -> Iterator[Card]:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        install()
        Matter().deadline("step", "red", item=uuid.uuid4(), org=FIRE)
        run_until_idle()
        card = Card.objects.get()
        services.explain_card(actor=official(FIRE, "clerk"), card_id=card.id, text="窗口停电，已于当日补办。")
        services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")
        yield card


def test_the_seal_is_made_before_the_letter_takes_hold_of_the_card(card: Card, settings: LazySettings) -> None:
    settings.ZHENGTONG_DEMO = True

    letter = services.issue_letter(actor=supervisor(), card_id=card.id, **SAID)

    assert letter.sealed


def test_without_a_lawful_authority_it_goes_out_unsealed(card: Card, settings: LazySettings) -> None:
    settings.ZHENGTONG_DEMO = False

    assert not services.issue_letter(actor=supervisor(), card_id=card.id, **SAID).sealed


def test_an_authority_that_fails_is_told_and_nothing_goes_out(
    card: Card, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_given: object) -> None:
        raise DomainError("证书签发机构没有应答，请稍后再试。")

    settings.ZHENGTONG_DEMO = True
    monkeypatch.setattr(making, "_certificate", silent)

    with pytest.raises(DomainError, match="没有应答"):
        services.issue_letter(actor=supervisor(), card_id=card.id, **SAID)

    assert not Letter.objects.exists()
    assert trust.find_seal(tenant=TENANT, org_id=supervisor().org_id or uuid.uuid4(), kind="official") is None
