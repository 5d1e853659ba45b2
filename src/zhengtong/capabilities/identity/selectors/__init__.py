"""Reads of identity."""

from zhengtong.capabilities.identity.selectors.accounts import (
    accounts_for_sign_in,
    is_administrator,
    recent_sign_ins,
    second_factor_enrolled,
    totp_enrolled,
)
from zhengtong.capabilities.identity.selectors.open_work import OpenWork, open_organisation_work, open_personal_work
from zhengtong.capabilities.identity.selectors.organisations import (
    OrganisationInfo,
    find_heir,
    find_organisation,
    find_organisation_by_name,
    find_organisation_on,
    find_organisations,
    list_changes,
    list_organisations,
)
from zhengtong.capabilities.identity.selectors.people import (
    LegalPersonInfo,
    PersonInPost,
    find_legal_person,
    find_person_by_number,
    list_people_in,
)
from zhengtong.capabilities.identity.selectors.relations import (
    agents_of,
    guardians_of,
    open_merges,
    same_person,
    suspected_duplicates,
    wards_of,
)
from zhengtong.capabilities.identity.selectors.scopes import may_handle_item, org_scope_filter
from zhengtong.capabilities.identity.selectors.sessions import (
    OpenSession,
    Passkey,
    certificates_of,
    open_sessions,
    passkeys_of,
    signed_on_to,
)
from zhengtong.capabilities.identity.selectors.standing import Choice, Standing, list_choices, standing_of

__all__ = [
    "Choice",
    "LegalPersonInfo",
    "OpenSession",
    "OpenWork",
    "OrganisationInfo",
    "Passkey",
    "PersonInPost",
    "Standing",
    "accounts_for_sign_in",
    "agents_of",
    "certificates_of",
    "find_heir",
    "find_legal_person",
    "find_organisation",
    "find_organisation_by_name",
    "find_organisation_on",
    "find_organisations",
    "find_person_by_number",
    "guardians_of",
    "is_administrator",
    "list_changes",
    "list_choices",
    "list_organisations",
    "list_people_in",
    "may_handle_item",
    "open_merges",
    "open_organisation_work",
    "open_personal_work",
    "open_sessions",
    "org_scope_filter",
    "passkeys_of",
    "recent_sign_ins",
    "same_person",
    "second_factor_enrolled",
    "signed_on_to",
    "standing_of",
    "suspected_duplicates",
    "totp_enrolled",
    "wards_of",
]
