"""Open work counted by a stand-in instead of the apps that are installed."""

import pytest

from zhengtong.capabilities.identity import registry
from zhengtong.capabilities.identity.tests.office import Work


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """The stand-in for the case engine, alone in the two registries."""
    stand_in = Work()
    monkeypatch.setattr(registry.organisation_work, "_items", {"test": stand_in.organisations()})
    monkeypatch.setattr(registry.person_work, "_items", {"test": stand_in.people()})
    return stand_in
