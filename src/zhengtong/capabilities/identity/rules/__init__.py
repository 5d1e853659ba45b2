"""Checks of identifiers and passwords, roles that exclude each other, delegation, history; plain Python."""

from zhengtong.capabilities.identity.rules.delegation import NOT_DELEGABLE, DelegationProblem, delegation_problem
from zhengtong.capabilities.identity.rules.devices import device_name
from zhengtong.capabilities.identity.rules.guardianship import (
    PROVES_FOR_ADULTS,
    guardianship_state,
    last_day_as_minor,
    needs_guardian_consent,
)
from zhengtong.capabilities.identity.rules.history import Past, State, chain_end, past_of
from zhengtong.capabilities.identity.rules.numbers import (
    NumberProblem,
    birth_date,
    citizen_number_problem,
    name_is_valid,
    normal_number,
    phone_is_valid,
    uscc_is_valid,
    username_is_valid,
)
from zhengtong.capabilities.identity.rules.organisations import (
    Alias,
    moved_path,
    organisation_paths,
    parse_aliases,
    within,
)
from zhengtong.capabilities.identity.rules.passwords import PasswordProblem, character_classes, password_problem
from zhengtong.capabilities.identity.rules.roles import (
    ADMINISTRATORS,
    OPERATORS,
    THREE_ADMINISTRATORS,
    colliding_roles,
    excluding_roles,
    mixed_post,
    parse_pairs,
)
from zhengtong.capabilities.identity.rules.scopes import COUNTY, OWN, SUBTREE, UNIT, OrgScope, scopes_held

__all__ = [
    "ADMINISTRATORS",
    "COUNTY",
    "NOT_DELEGABLE",
    "OPERATORS",
    "OWN",
    "PROVES_FOR_ADULTS",
    "SUBTREE",
    "THREE_ADMINISTRATORS",
    "UNIT",
    "Alias",
    "DelegationProblem",
    "NumberProblem",
    "OrgScope",
    "PasswordProblem",
    "Past",
    "State",
    "birth_date",
    "chain_end",
    "character_classes",
    "citizen_number_problem",
    "colliding_roles",
    "delegation_problem",
    "device_name",
    "excluding_roles",
    "guardianship_state",
    "last_day_as_minor",
    "mixed_post",
    "moved_path",
    "name_is_valid",
    "needs_guardian_consent",
    "normal_number",
    "organisation_paths",
    "parse_aliases",
    "parse_pairs",
    "password_problem",
    "past_of",
    "phone_is_valid",
    "scopes_held",
    "uscc_is_valid",
    "username_is_valid",
    "within",
]
