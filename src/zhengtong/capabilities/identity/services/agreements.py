"""A person agrees that an application learns who he is, and takes that back: 个人信息保护法 第十五条、第二十三条.

An official signs on for his work, which rests on his duty (第十三条) and on the two administrators who approved the
application; whoever signs on for himself, for a company or for a ward is asked.
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import RelyingPartyState
from zhengtong.capabilities.identity.models import Account, PartySubject, RelyingParty
from zhengtong.capabilities.identity.services.relying_parties import subject_for
from zhengtong.capabilities.identity.services.sign_ons import end_sign_ons
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotFound


def party_to_agree_to(
    *, actor: Actor, account: Account, client_id: str, scopes: Collection[str]
) -> RelyingParty | None:
    """The application the person has to be asked about before it learns this; None when there is nothing to ask.

    What was never approved for it is not asked about: it is refused elsewhere.
    """
    party = RelyingParty.objects.select_related("organisation").filter(
        client_id=client_id, state=RelyingPartyState.APPROVED, tenant=actor.tenant
    ).first()  # fmt: skip
    if actor.kind == "official" or party is None or not set(scopes) <= set(party.scopes):
        return None
    row = PartySubject.objects.filter(party=party, account=account).first()
    agreed = row is not None and row.agreed_at is not None and set(scopes) <= set(row.agreed_scopes)
    return None if agreed else party


def agree_to_party(*, actor: Actor, account: Account, client_id: str, scopes: Collection[str]) -> None:
    """The person lets an application learn this about him from now on; raises NotFound, Invalid for what it may not."""
    with transaction.atomic():
        party = RelyingParty.objects.filter(
            client_id=client_id, state=RelyingPartyState.APPROVED, tenant=actor.tenant
        ).first()  # fmt: skip
        if party is None:
            raise NotFound(_("没有这个接入应用，或者它已经停用。"))
        if not set(scopes) <= set(party.scopes):
            raise Invalid(_("这个应用没有获准取得这些信息，没有登记您的同意。"))
        subject_for(account=account, client_id=client_id)
        row = PartySubject.objects.select_for_update().get(party=party, account=account)
        row.agreed_scopes = sorted({*row.agreed_scopes, *scopes})
        row.agreed_at = now()
        row.save(update_fields=["agreed_scopes", "agreed_at"])
        _append(actor, "identity.party_agreed", row)


def withdraw_agreement(*, actor: Actor, account: Account, subject_id: uuid.UUID) -> None:
    """The person takes it back: what the application holds to ask about him ends at once. Raises NotFound."""
    with transaction.atomic():
        rows = PartySubject.objects.select_for_update().filter(account=account, agreed_at__isnull=False)
        row = rows.filter(pk=subject_id).first()
        if row is None:
            raise NotFound(_("没有可以收回的同意。"))
        _append(actor, "identity.party_agreement_withdrawn", row)
        row.agreed_scopes, row.agreed_at = [], None
        row.save(update_fields=["agreed_scopes", "agreed_at"])
        end_sign_ons(row.party.sign_ons.filter(account=account))


def _append(actor: Actor, act: str, row: PartySubject) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="relying_party", id=str(row.party_id)),
        payload={"account": str(row.account_id), "scopes": list(row.agreed_scopes)},
    )
