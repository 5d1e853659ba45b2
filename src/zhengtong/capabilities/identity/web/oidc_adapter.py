"""What django-allauth's OpenID provider says about whom, under which name, with which key."""

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import PrivateKey
from django.conf import settings

from zhengtong.capabilities.identity.models import Account, PartySubject
from zhengtong.capabilities.identity.selectors import standing_of
from zhengtong.capabilities.identity.services.relying_parties import PARTY_SCOPES, subject_for
from zhengtong.capabilities.identity.services.sign_on_key import sign_on_key_pem


class SingleSignOnAdapter(DefaultOIDCAdapter):
    """Opaque names, another one in each application; no personal data but those the application was approved for."""

    scope_display = PARTY_SCOPES

    def get_issuer(self) -> str:
        """The address of this site as its settings say, whatever a request claims."""
        return str(settings.ZHENGTONG_BASE_URL).rstrip("/")

    def list_private_keys(self, **kwargs: Any) -> list[PrivateKey]:
        """The one key of the key store."""
        return [PrivateKey(pem=sign_on_key_pem())]

    def get_user_sub(self, client: Any, user: Any) -> str:
        """The account's opaque name in this application."""
        return subject_for(account=user, client_id=client.id)

    def get_user_by_sub(self, client: Any, sub: str) -> Account | None:
        """The account behind a name in this application, None when it was closed meanwhile."""
        rows = PartySubject.objects.filter(party__client_id=client.id, subject=sub, account__is_active=True)
        row = rows.select_related("account__person").first()
        return row.account if row else None

    def get_claims(
        self, purpose: Any, user: Any, client: Any, scopes: Any, email: str | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Name, unit and roles as far as the scopes go, of the identity under which the person signed on."""
        row = PartySubject.objects.select_related("account__person").get(party__client_id=client.id, account=user)
        person = row.account.person
        standing = standing_of(person, row.choice)
        actor = standing.actor
        claims: dict[str, Any] = {"sub": row.subject}
        if "profile" in scopes:
            claims |= {"name": person.name, "identity": actor.kind, "assurance": person.assurance}
            if standing.official:
                claims["preferred_username"] = row.account.username
        if "org" in scopes and actor.org_id is not None:
            claims |= {"org_code": actor.org_code, "org_name": actor.org_name, "post": actor.post_name}
        if "roles" in scopes:
            claims["roles"] = sorted(actor.roles)
        return claims
