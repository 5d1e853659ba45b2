"""An import-linter contract: from outside an app only its doors may be imported."""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PublicDoor(Contract):
    """For every app under ``parents``: modules behind no door are imported from inside the app only.

    A module's door is the first part of its path inside the app; ``doors`` lists those open to others.
    ``guests`` are packages that may enter anywhere. Tests are left out: a test may look into the rooms it needs.
    """

    parents = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    guests = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  (the base class's signature)
        """Collect every direct import that comes in beside a door."""
        # the options are declared as fields and hold their values here
        parents, doors, guests = cast("list[list[str]]", [self.parents, self.doors, self.guests])
        beside = [
            (importer, module)
            for parent in parents
            for app in sorted(graph.find_children(parent))
            for module in sorted(graph.find_descendants(app))
            if module.removeprefix(app + ".").split(".")[0] not in doors
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not f"{importer}.".startswith((app + ".", *(f"{guest}." for guest in guests or [])))
            and ".tests." not in f"{importer}."
        ]
        return ContractCheck(kept=not beside, metadata={"beside": beside})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import."""
        for importer, module in check.metadata["beside"]:
            output.print_error(f"{importer} imports {module}, which is behind no door open to it")
