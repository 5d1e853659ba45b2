"""A refund is approved by neither who asked for it, nor who acts for him, nor for whom he acted then."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.identity.tests.factories import acting_for
from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import RefundState
from zhengtong.capabilities.payments.tests import factories as made
from zhengtong.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db


def test_neither_who_asked_nor_his_deputy_nor_whom_he_stood_in_for_approves() -> None:
    asker, absent, deputy, other = (made.official("clerk", "leader", name=name) for name in ("an", "bo", "cai", "deng"))

    refund = made.asked(acting_for(asker, absent), made.paid(people.citizen()))

    for nobody in (asker, absent, acting_for(deputy, asker), acting_for(deputy, absent), acting_for(asker, other)):
        with pytest.raises(NotPermitted, match="不能自己批准"):
            api.decide_refund(actor=nobody, refund_id=refund.pk, approve=True)
    decided = api.decide_refund(actor=acting_for(deputy, other), refund_id=refund.pk, approve=True)
    assert decided.state == RefundState.APPROVED


def test_the_page_offers_the_decision_to_nobody_who_would_be_refused() -> None:
    asker, absent, other = (made.official("clerk", "leader", name=name) for name in ("an", "bo", "cai"))
    refund = made.asked(acting_for(asker, absent), made.paid(people.citizen()))
    address = reverse("payments:refund", args=[refund.pk])

    pages = [people.sign_in(Client(), actor).get(address).content.decode() for actor in (absent, other)]

    assert ["同意退费" in page for page in pages] == [False, True]
    assert ["不能自己批准" in page for page in pages] == [True, False]
