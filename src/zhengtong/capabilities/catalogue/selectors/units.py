"""Which organisation a name in an item list means."""

import dataclasses
from collections import Counter

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.rules import JointUnit
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.api import OrganisationInfo


class UnitDirectory:
    """The organisations of a tenant by their names, read once for a whole list of items."""

    def __init__(self, tenant: str) -> None:
        units = identity.organisations(tenant)
        others = Counter(name for unit in units for name in {unit.short_name, *unit.aliases} if name)
        self._by_name: dict[str, OrganisationInfo] = {}
        for unit in units:
            for name in (unit.short_name, *unit.aliases):
                if others[name] == 1:
                    self._by_name.setdefault(name, unit)
        self._by_name |= {unit.name: unit for unit in units}

    def find(self, name: str) -> OrganisationInfo | None:
        """The organisation with that full name, or with that short or other name if it has it alone."""
        return next((self._by_name[known] for known in rules.unit_names(name) if known in self._by_name), None)

    def joined(self, unit: JointUnit) -> JointUnit:
        """The joint unit with its organisation's code, or with a note why it takes no part in the routing."""
        found = self.find(unit.name)
        if found is not None:
            return dataclasses.replace(unit, name=found.name, org_code=found.code, note="")
        note = f"“{unit.name}”不是机构名录里的一个单位，不能自动派件，由受理部门另行联系。"
        return dataclasses.replace(unit, org_code="", note=note)
