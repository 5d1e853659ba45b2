"""Applications that let people sign in through this platform: registered by one administrator, approved by another."""

import dataclasses
import secrets
import uuid
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.identity.constants import RelyingPartyState, SignInOutcome
from zhengtong.capabilities.identity.models import Account, PartySubject, RelyingParty, SignIn
from zhengtong.capabilities.identity.permissions import require_security_administrator, require_system_administrator
from zhengtong.capabilities.identity.selectors import find_organisation
from zhengtong.capabilities.identity.services.sign_ons import end_sign_ons
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

#: what an application may learn, and the word for it
PARTY_SCOPES: Final = {
    "openid": gettext_lazy("应用内标识"),
    "profile": gettext_lazy("姓名、用户名、核验程度"),
    "org": gettext_lazy("单位和岗位"),
    "roles": gettext_lazy("角色"),
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclasses.dataclass(frozen=True)
class PartySecret:
    """Shown once: what the application needs to use our sign-in; the secret is empty when it can keep none."""

    name: str
    client_id: str
    secret: str


def register_party(
    *,
    actor: Actor,
    name: str,
    org_code: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str],
    purpose: str,
    leaving_uris: Sequence[str] = (),
    confidential: bool = True,
    refreshes: bool = False,
) -> uuid.UUID:
    """The system administrator registers an application; it works when the security administrator has approved it.

    One that ``refreshes`` gets new tokens without the person's browser, as long as his session here lasts.
    Raises Invalid naming every field that is wrong, NotFound for the organisation.
    """
    require_system_administrator(actor)
    _refuse_wrong_fields(name, redirect_uris, leaving_uris, scopes, purpose)
    organisation = find_organisation(actor.tenant, org_code)
    with transaction.atomic():
        row = RelyingParty.objects.create(
            tenant=actor.tenant,
            name=name.strip(),
            client_id=secrets.token_hex(16),
            organisation_id=organisation.id,
            redirect_uris=list(redirect_uris),
            leaving_uris=list(leaving_uris),
            scopes=sorted({"openid", *scopes}),
            confidential=confidential,
            refreshes=refreshes,
            purpose=purpose.strip(),
            requested_by_id=actor.person_id,
        )
        _append(actor, "identity.party_registered", row)
    return row.id


def approve_party(*, actor: Actor, party_id: uuid.UUID) -> PartySecret:
    """The security administrator approves; from now on the application may use our sign-in.

    Raises NotPermitted for who registered it, NotFound, Conflict when it is decided already.
    """
    require_security_administrator(actor)
    with transaction.atomic():
        row = _pending(actor, party_id)
        client = Client(
            id=row.client_id,
            name=row.name,
            type=Client.Type.CONFIDENTIAL if row.confidential else Client.Type.PUBLIC,
            skip_consent=True,
        )
        client.set_redirect_uris(row.redirect_uris)
        client.set_post_logout_redirect_uris(row.leaving_uris)
        client.set_scopes(row.scopes)
        client.set_default_scopes(["openid"])
        further = [Client.GrantType.REFRESH_TOKEN] if row.refreshes else []
        client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, *further])
        client.set_response_types([Client.ResponseType.CODE])
        secret = _renew(client)
        _decide(actor, row, RelyingPartyState.APPROVED, "identity.party_approved")
    return PartySecret(row.name, row.client_id, secret if row.confidential else "")


def refuse_party(*, actor: Actor, party_id: uuid.UUID) -> None:
    """The security administrator does not approve; raises NotPermitted, NotFound, Conflict."""
    require_security_administrator(actor)
    with transaction.atomic():
        _decide(actor, _pending(actor, party_id), RelyingPartyState.REFUSED, "identity.party_refused")


def disable_party(*, actor: Actor, party_id: uuid.UUID) -> None:
    """System or security administrator stops an application: its tokens end at once; raises NotFound, Conflict."""
    if not (actor.kind == "system" or actor.has_role("sys_admin", "sec_admin")):
        require_security_administrator(actor)
    with transaction.atomic():
        row = _party(actor.tenant, party_id)
        if row.state != RelyingPartyState.APPROVED:
            raise Conflict(_("这个应用没有接入，不需要停用。"))
        end_sign_ons(row.sign_ons.all())
        Client.objects.filter(pk=row.client_id).delete()
        row.state = RelyingPartyState.DISABLED
        row.save(update_fields=["state"])
        _append(actor, "identity.party_disabled", row)


def renew_party_secret(*, actor: Actor, party_id: uuid.UUID) -> PartySecret:
    """The system administrator gives an application a new secret; the old one and its tokens end at once."""
    require_system_administrator(actor)
    with transaction.atomic():
        row = _party(actor.tenant, party_id)
        client = Client.objects.filter(pk=row.client_id).first()
        if client is None or not row.confidential:
            raise Conflict(_("只有已接入、能保存密钥的应用才有密钥可以更换。"))
        secret = _renew(client)
        end_sign_ons(row.sign_ons.all())
        Token.objects.filter(client=client).delete()
        _append(actor, "identity.party_secret_renewed", row)
    return PartySecret(row.name, row.client_id, secret)


def may_return_to(*, client_id: str, address: str) -> bool:
    """True when exactly this address was approved for the application (RFC 9700: no likeness will do)."""
    rows = RelyingParty.objects.filter(client_id=client_id, state=RelyingPartyState.APPROVED)
    return rows.filter(redirect_uris__contains=[address]).exists()


def may_refresh(client_id: str) -> bool:
    """True for an approved application that was allowed to refresh its tokens."""
    rows = RelyingParty.objects.filter(client_id=client_id, state=RelyingPartyState.APPROVED)
    return rows.filter(refreshes=True).exists()


def subject_for(*, account: Account, client_id: str) -> str:
    """What the account is called in an application: opaque, another one in each; made at the first sign-on."""
    party = RelyingParty.objects.get(client_id=client_id)
    row, _created = PartySubject.objects.get_or_create(
        tenant=party.tenant,
        party=party,
        account=account,
        defaults={"subject": secrets.token_urlsafe(32), "last_used_at": now()},
    )
    return row.subject


def record_sign_on(*, actor: Actor, account: Account, client_id: str, choice: str, address: str = "") -> None:
    """Somebody signs on to an application, under the identity chosen here."""
    party = RelyingParty.objects.get(client_id=client_id)
    with transaction.atomic():
        subject_for(account=account, client_id=client_id)
        PartySubject.objects.filter(party=party, account=account).update(choice=choice, last_used_at=now())
        SignIn.objects.create(
            tenant=actor.tenant, account=account, outcome=SignInOutcome.SINGLE_SIGN_ON, address=address
        )
        ledger.append(
            actor=actor,
            act="identity.signed_on",
            object_ref=ObjectRef(kind="relying_party", id=str(party.id)),
            payload={"account": str(account.pk)},
        )


def _refuse_wrong_fields(
    name: str, redirect_uris: Sequence[str], leaving_uris: Sequence[str], scopes: Sequence[str], purpose: str
) -> None:
    errors: dict[str, str] = {}
    if len(name.strip()) < 2:
        errors["name"] = _("请填写应用名称。")
    if not redirect_uris or not all(_address_is_safe(uri) for uri in redirect_uris):
        errors["redirect_uris"] = _("请填写完整的登录返回地址，每行一个，以 https:// 开头，不带 # 和 *。")
    if not all(_address_is_safe(uri) for uri in leaving_uris):
        errors["leaving_uris"] = _("退出返回地址要完整，每行一个，以 https:// 开头，不带 # 和 *。")
    if not set(scopes) <= set(PARTY_SCOPES):
        errors["scopes"] = _("请从列出的信息里选择。")
    if len(purpose.strip()) < 2:
        errors["purpose"] = _("请写明用途：为什么这个应用需要知道是谁在登录。")
    if errors:
        raise Invalid(_("没有登记成功，请更正标出的内容。"), errors=errors)


def _address_is_safe(uri: str) -> bool:
    """An absolute https address without fragment or wildcard; http only to this machine, in a demonstration."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if not parts.hostname or parts.fragment or parts.username or "*" in uri or len(uri) > 300 or "\\" in uri:
        return False
    if parts.scheme == "https":
        return True
    return bool(settings.ZHENGTONG_DEMO) and parts.scheme == "http" and parts.hostname in _LOOPBACK


def _renew(client: Client) -> str:
    secret = secrets.token_urlsafe(32)
    client.set_secret(secret)
    client.save()
    return secret


def _pending(actor: Actor, party_id: uuid.UUID) -> RelyingParty:
    row = _party(actor.tenant, party_id)
    if row.state != RelyingPartyState.PENDING:
        raise Conflict(_("这个应用已经审批过。"))
    if actor.person_id is not None and row.requested_by_id == actor.person_id:
        raise NotPermitted(_("登记人不能自己批准。请由安全管理员审批。"))
    return row


def _party(tenant: str, party_id: uuid.UUID) -> RelyingParty:
    row = RelyingParty.objects.select_for_update(of=("self",)).filter(tenant=tenant, pk=party_id).first()
    if row is None:
        raise NotFound(_("没有这个接入应用。"))
    return row


def _decide(actor: Actor, row: RelyingParty, state: str, act: str) -> None:
    row.state, row.decided_by_id, row.decided_at = state, actor.person_id, now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    _append(actor, act, row)


def _append(actor: Actor, act: str, row: RelyingParty) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="relying_party", id=str(row.id)),
        payload={
            "name": row.name,
            "redirect_uris": list(row.redirect_uris),
            "scopes": list(row.scopes),
            "refreshes": row.refreshes,
        },
    )
