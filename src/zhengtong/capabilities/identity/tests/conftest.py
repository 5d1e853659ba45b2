"""Open work counted by a stand-in instead of the apps that are installed; codes caught on their way."""

import uuid
from collections.abc import Iterator

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


@pytest.fixture
def sent() -> Iterator[list[tuple[uuid.UUID, str]]]:
    """The codes that go out to people's own telephones: (person, text)."""
    found: list[tuple[uuid.UUID, str]] = []

    def sender(*, tenant: str, person_id: uuid.UUID, text: str) -> bool:
        found.append((person_id, text))
        return True

    senders = registry.reset_message_senders
    before = dict(senders.items())
    senders._items.clear()
    senders.register("test", sender)
    yield found
    senders._items.clear()
    senders._items.update(before)
