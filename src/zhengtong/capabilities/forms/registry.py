"""What higher apps give to forms: facts that answer questions beforehand, and names of divisions."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from zhengtong.capabilities.forms.constants import PREFILL_LABELS
from zhengtong.kernel.registry import Registry

prefill_sources: Registry[str] = Registry("prefill_sources")
"""Name of a fact about the applicant → its Chinese label, for those who make forms. Who starts a submission hands the
facts in; the names of ``constants.PREFILL_LABELS`` are there from the start."""

for _name, _label in PREFILL_LABELS.items():
    prefill_sources.register(_name, _label)

DIVISION_NAMES: Final = "names"
division_names: Registry[Callable[[str, str], str]] = Registry("division_names")
"""Under ``DIVISION_NAMES``: a function (tenant, code) → full name of a division, empty when it does not know it."""


def division_name(tenant: str, code: str) -> str:
    """The name of a division; empty where nobody registered the tree or it does not know the code."""
    return division_names.get(DIVISION_NAMES)(tenant, code) if DIVISION_NAMES in division_names else ""


@dataclasses.dataclass(frozen=True)
class Place:
    """A division: its code, its name and what its level is called."""

    code: str
    name: str
    level_label: str


class DivisionTree(Protocol):
    """The divisions people can choose from; ``level`` is the deepest asked: county, town or village."""

    def below(self, tenant: str, code: str, level: str) -> Sequence[Place]:
        """The places right below one, the first ones for an empty code; none below ``level``."""

    def way(self, tenant: str, code: str) -> Sequence[Place]:
        """The place itself with those above it, the highest first; empty when it is unknown."""

    def search(self, tenant: str, text: str, level: str) -> Sequence[Place]:
        """Places of that level whose name has the text, with the names above them, a few dozen at most."""


DIVISION_TREE: Final = "tree"
division_trees: Registry[DivisionTree] = Registry("division_trees")
"""Under ``DIVISION_TREE``: the tree from which pages let a place be chosen."""


class _NoTree:
    """Nothing to choose from."""

    def below(self, tenant: str, code: str, level: str) -> Sequence[Place]:
        """No place."""
        return ()

    def way(self, tenant: str, code: str) -> Sequence[Place]:
        """No place."""
        return ()

    def search(self, tenant: str, text: str, level: str) -> Sequence[Place]:
        """No place."""
        return ()


def division_tree() -> DivisionTree:
    """The tree that was registered, or one without places."""
    return division_trees.get(DIVISION_TREE) if DIVISION_TREE in division_trees else _NoTree()


form_users: Registry[Callable[[str, str], Sequence["FormUser"]]] = Registry("form_users")
"""Name → function (tenant, form key) → who uses the form: items, for the list beside its versions."""


@dataclasses.dataclass(frozen=True)
class FormUser:
    """Something that uses a form: its name, where to look at it, and since when or in which version."""

    label: str
    url: str = ""
    note: str = ""


def users_of_form(tenant: str, key: str) -> list[FormUser]:
    """All that use a form, in the order of registration."""
    return [user for _name, found in form_users.items() for user in found(tenant, key)]
