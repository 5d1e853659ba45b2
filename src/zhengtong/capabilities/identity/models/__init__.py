"""Tables of identity."""

from zhengtong.capabilities.identity.models.accounts import Account, FormerPassword, SignIn
from zhengtong.capabilities.identity.models.organisations import Appointment, Organisation, Post, PostRole, Tenant
from zhengtong.capabilities.identity.models.people import Agency, Consent, LegalPerson, Person

__all__ = [
    "Account",
    "Agency",
    "Appointment",
    "Consent",
    "FormerPassword",
    "LegalPerson",
    "Organisation",
    "Person",
    "Post",
    "PostRole",
    "SignIn",
    "Tenant",
]
