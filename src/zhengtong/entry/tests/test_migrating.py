"""What a migration asks at every foreign key is answered from memory."""

import pytest
from django.apps import apps
from django.db.migrations.state import StateApps

from zhengtong.entry.runtime.migrating import exchangeable_models_remembered


def test_a_model_drawn_for_a_migration_makes_nothing_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    with exchangeable_models_remembered():
        names = ("identity.Account", "identity.Person")
        assert [apps.get_swappable_settings_name(name) for name in names] == ["AUTH_USER_MODEL", None]
        StateApps([], {}).clear_cache()
        monkeypatch.setattr(apps, "get_models", lambda **_: pytest.fail("all models are walked through again"))
        assert [apps.get_swappable_settings_name(name) for name in names] == ["AUTH_USER_MODEL", None]


def test_the_registry_is_as_before_afterwards() -> None:
    before = dict(vars(apps))
    with pytest.raises(ValueError, match="broken"), exchangeable_models_remembered():
        raise ValueError("broken")
    assert dict(vars(apps)) == before
