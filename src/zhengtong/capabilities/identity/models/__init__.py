"""Tables of identity."""

from zhengtong.capabilities.identity.models.accounts import Account, FormerPassword, SignIn
from zhengtong.capabilities.identity.models.changes import OrganisationChange
from zhengtong.capabilities.identity.models.delegations import Delegation
from zhengtong.capabilities.identity.models.organisations import Appointment, Organisation, Post, PostRole, Tenant
from zhengtong.capabilities.identity.models.people import Agency, Consent, LegalPerson, Person
from zhengtong.capabilities.identity.models.protection import (
    AccountCertificate,
    ConfirmationCode,
    FactorReset,
    PasswordRecovery,
    SignInGuard,
)
from zhengtong.capabilities.identity.models.relations import Guardianship, PersonMerge
from zhengtong.capabilities.identity.models.requests import RoleRequest
from zhengtong.capabilities.identity.models.single_sign_on import PartySubject, RelyingParty, SignOn

__all__ = [
    "Account",
    "AccountCertificate",
    "Agency",
    "Appointment",
    "ConfirmationCode",
    "Consent",
    "Delegation",
    "FactorReset",
    "FormerPassword",
    "Guardianship",
    "LegalPerson",
    "Organisation",
    "OrganisationChange",
    "PartySubject",
    "PasswordRecovery",
    "Person",
    "PersonMerge",
    "Post",
    "PostRole",
    "RelyingParty",
    "RoleRequest",
    "SignIn",
    "SignInGuard",
    "SignOn",
    "Tenant",
]
