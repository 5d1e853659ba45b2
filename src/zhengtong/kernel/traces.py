"""What is left behind when data go: entries of the ledger, of the index, files; others register what they take away."""

import dataclasses
import uuid
from collections.abc import Callable, Iterable

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(kw_only=True)
class Traces:
    """Gathered while rows go: ``gone`` are objects nothing may be left of, ``matters`` all that were about a person.

    ``kept_kinds`` are kinds of objects of his that stay, with their record; ``files`` stored files that are let go;
    ``counts`` says of which kind of data how many went.
    """

    gone: set[ObjectRef] = dataclasses.field(default_factory=set)
    matters: set[ObjectRef] = dataclasses.field(default_factory=set)
    kept_kinds: set[str] = dataclasses.field(default_factory=set)
    files: set[uuid.UUID] = dataclasses.field(default_factory=set)
    counts: dict[str, int] = dataclasses.field(default_factory=dict)

    def forget(self, kind: str, keys: Iterable[object]) -> None:
        """Objects of a kind of which nothing may be left."""
        self.gone |= {ObjectRef(kind=kind, id=str(key)) for key in keys}

    def concern(self, kind: str, keys: Iterable[object]) -> None:
        """Objects that are about the person, whether they go or stay."""
        self.matters |= {ObjectRef(kind=kind, id=str(key)) for key in keys}

    def count(self, label: str, number: int) -> None:
        """So many of a kind went."""
        if number:
            self.counts[label] = self.counts.get(label, 0) + number


#: app → take away what it has of the objects that are gone: (actor, traces, reason)
removers: Registry[Callable[[Actor, Traces, str], None]] = Registry("traces.removers")


def remove(*, actor: Actor, traces: Traces, reason: str) -> None:
    """Have everybody take away what the objects left behind; ``reason`` is the legal basis, without personal data."""
    everybody = [take for _app, take in removers.items()]
    for take in everybody:
        take(actor, traces, reason)
