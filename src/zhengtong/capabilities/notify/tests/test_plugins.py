"""The code of a forgotten password, written down in a demonstration and nowhere else."""

from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify.plugins import write_short_message

pytestmark = pytest.mark.django_db


def test_a_demonstration_writes_the_message_for_the_owner_only(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    actor = factories.citizen(phone="13800000001")

    assert write_short_message(tenant=actor.tenant, person_id=actor.person_id, text="验证码 12345678")  # type: ignore[arg-type]  # an id

    [file] = (tmp_path / "sms").iterdir()
    assert file.read_text(encoding="utf-8") == "13800000001\n验证码 12345678\n"
    assert file.stat().st_mode & 0o077 == 0


def test_in_production_and_without_a_telephone_nothing_goes_out(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    official = factories.official("clerk", "clerk")
    citizen = factories.citizen(phone="13800000001")

    assert not write_short_message(tenant=official.tenant, person_id=official.person_id, text="x")  # type: ignore[arg-type]  # an id
    settings.ZHENGTONG_DEMO = False
    assert not write_short_message(tenant=citizen.tenant, person_id=citizen.person_id, text="x")  # type: ignore[arg-type]  # an id
    assert not (tmp_path / "sms").exists()
