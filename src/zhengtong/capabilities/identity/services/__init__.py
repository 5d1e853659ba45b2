"""Writes of identity: each function is one act with its ledger entry."""

from zhengtong.capabilities.identity.services.accounts import (
    FirstAccount,
    FirstAccountSecret,
    change_password,
    create_account,
    create_first_accounts,
    create_staff,
)
from zhengtong.capabilities.identity.services.authorisation import appoint, end_appointment, grant_role, revoke_role
from zhengtong.capabilities.identity.services.choice import choose_identity
from zhengtong.capabilities.identity.services.legal_persons import authorise_agent, register_legal_person
from zhengtong.capabilities.identity.services.limits import Limits, limits_of
from zhengtong.capabilities.identity.services.organisations import (
    ImportOutcome,
    OrganisationRow,
    create_post,
    create_tenant,
    import_organisations,
)
from zhengtong.capabilities.identity.services.reading import PersonContact, read_contact
from zhengtong.capabilities.identity.services.registration import register_citizen
from zhengtong.capabilities.identity.services.second_factor import (
    check_second_factor,
    claim_totp_code,
    current_totp_code,
    enrol_totp,
    record_enrolment,
    reset_second_factor,
)
from zhengtong.capabilities.identity.services.sign_in import (
    lock_of,
    record_failure,
    record_sign_in,
    record_sign_out,
    unlock_account,
)

__all__ = [
    "FirstAccount",
    "FirstAccountSecret",
    "ImportOutcome",
    "Limits",
    "OrganisationRow",
    "PersonContact",
    "appoint",
    "authorise_agent",
    "change_password",
    "check_second_factor",
    "choose_identity",
    "claim_totp_code",
    "create_account",
    "create_first_accounts",
    "create_post",
    "create_staff",
    "create_tenant",
    "current_totp_code",
    "end_appointment",
    "enrol_totp",
    "grant_role",
    "import_organisations",
    "limits_of",
    "lock_of",
    "read_contact",
    "record_enrolment",
    "record_failure",
    "record_sign_in",
    "record_sign_out",
    "register_citizen",
    "register_legal_person",
    "reset_second_factor",
    "revoke_role",
    "unlock_account",
]
