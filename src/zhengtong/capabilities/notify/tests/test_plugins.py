"""The code of a forgotten password, and the gateway that comes with a demonstration."""

from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify import services
from zhengtong.capabilities.notify.models import Delivery
from zhengtong.capabilities.notify.plugins import send_recovery_code, work_short_messages
from zhengtong.capabilities.notify.tests import posts

pytestmark = pytest.mark.django_db


def test_a_demonstration_writes_the_message_for_the_owner_only(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    settings.ZHENGTONG_SMS_GATEWAY = "simulated"
    settings.ZHENGTONG_SMS_SIGNATURE = "青禾县政务服务"
    actor = factories.citizen(phone="13800000001")

    assert send_recovery_code(tenant=actor.tenant, person_id=actor.person_id, text="验证码 12345678")  # type: ignore[arg-type]  # an id
    for _ in range(300):
        work_short_messages()
        if posts.states() == ["delivered"]:
            break
        posts.socket_pause()
    services.use_gateway(services.built_in_account()).close()

    [file] = (tmp_path / "sms").iterdir()
    assert file.read_text(encoding="utf-8") == "13800000001\n【青禾县政务服务】验证码 12345678\n"
    assert file.stat().st_mode & 0o077 == 0
    assert posts.states() == ["delivered"]


def test_without_a_gateway_and_without_a_telephone_nothing_goes_out(settings: Any) -> None:
    settings.ZHENGTONG_SMS_GATEWAY = "simulated"
    official = factories.official("clerk", "clerk")
    citizen = factories.citizen(phone="13800000001")

    assert not send_recovery_code(tenant=official.tenant, person_id=official.person_id, text="x")  # type: ignore[arg-type]  # an id
    settings.ZHENGTONG_SMS_GATEWAY = ""
    assert not send_recovery_code(tenant=citizen.tenant, person_id=citizen.person_id, text="x")  # type: ignore[arg-type]  # an id
    assert not Delivery.objects.exists()
