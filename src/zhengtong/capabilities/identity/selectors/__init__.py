"""Reads of identity."""

from zhengtong.capabilities.identity.selectors.accounts import (
    accounts_for_sign_in,
    recent_sign_ins,
    second_factor_enrolled,
)
from zhengtong.capabilities.identity.selectors.organisations import (
    OrganisationInfo,
    find_organisation,
    find_organisation_by_name,
    find_organisations,
    list_organisations,
)
from zhengtong.capabilities.identity.selectors.people import (
    LegalPersonInfo,
    PersonInPost,
    find_legal_person,
    find_person_by_number,
    list_people_in,
)
from zhengtong.capabilities.identity.selectors.standing import Choice, Standing, list_choices, standing_of

__all__ = [
    "Choice",
    "LegalPersonInfo",
    "OrganisationInfo",
    "PersonInPost",
    "Standing",
    "accounts_for_sign_in",
    "find_legal_person",
    "find_organisation",
    "find_organisation_by_name",
    "find_organisations",
    "find_person_by_number",
    "list_choices",
    "list_organisations",
    "list_people_in",
    "recent_sign_ins",
    "second_factor_enrolled",
    "standing_of",
]
