"""What a migration asks at every foreign key is answered from memory; garbage is seldom looked for meanwhile."""

import gc

import pytest
from django.apps import apps
from django.db.migrations.state import StateApps

from zhengtong.entry.runtime.migrating import cheaper_migrations


def test_a_model_drawn_for_a_migration_makes_nothing_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    with cheaper_migrations():
        names = ("identity.Account", "identity.Person")
        assert [apps.get_swappable_settings_name(name) for name in names] == ["AUTH_USER_MODEL", None]
        StateApps([], {}).clear_cache()
        monkeypatch.setattr(apps, "get_models", lambda **_: pytest.fail("all models are walked through again"))
        assert [apps.get_swappable_settings_name(name) for name in names] == ["AUTH_USER_MODEL", None]


def test_garbage_is_looked_for_less_often() -> None:
    before = gc.get_threshold()
    with cheaper_migrations():
        assert gc.get_threshold()[0] > before[0]


def test_all_is_as_before_afterwards() -> None:
    before = dict(vars(apps)), gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), cheaper_migrations():
        raise ValueError("broken")
    assert (dict(vars(apps)), gc.get_threshold()) == before
