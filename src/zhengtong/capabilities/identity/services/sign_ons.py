"""Signing on to an application lasts as long as the session here: what is refreshed ends with it, or when misused.

A refresh token is ``<id of the sign-on>.<secret>``; the secret changes at each use (django-allauth keeps its digest
and drops the former one). One that comes a second time was copied: the sign-on ends with all its tokens (RFC 9700
§4.14.2).
"""

import datetime as dt
import uuid
from collections.abc import Iterable

from allauth.idp.oidc.models import Token
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from zhengtong.capabilities.identity.constants import RelyingPartyState
from zhengtong.capabilities.identity.models import Account, RelyingParty, SignOn
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.clock import now

_KEPT_FOR = dt.timedelta(days=30)
_CLEARED_AT_ONCE = 200
_MARK = "sign_on"  # in the data of a token: the sign-on it belongs to


def begin_sign_on(*, account: Account, client_id: str, session_id: int, expires_at: dt.datetime) -> SignOn | None:
    """The application has exchanged its code; None when the session here has ended meanwhile."""
    party = RelyingParty.objects.get(client_id=client_id, state=RelyingPartyState.APPROVED)
    with transaction.atomic():
        SignOn.objects.filter(expires_at__lt=now() - _KEPT_FOR).delete()
        old = Token.objects.expired().filter(expires_at__lt=now() - _KEPT_FOR).values("pk")[:_CLEARED_AT_ONCE]
        Token.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
        if expires_at <= now() or not _session_is_open(session_id, account.pk):
            return None
        return SignOn.objects.create(
            tenant=party.tenant, party=party, account=account, session_id=session_id, expires_at=expires_at
        )


def bind_tokens(row: SignOn, *values: str) -> None:
    """Write into tokens just made which sign-on they belong to, and that they end with it at the latest."""
    for value in values:
        for token in Token.objects.by_value(value):
            token.data = {**(token.data or {}), _MARK: str(row.id)}
            token.expires_at = min(token.expires_at or row.expires_at, row.expires_at)
            token.save(update_fields=["data", "expires_at"])


def sign_on_of_token(value: str) -> SignOn | None:
    """The sign-on a token belongs to, None for one nobody knows or of before tokens were bound."""
    token = Token.objects.by_value(value).first() if value else None
    key = (token.data or {}).get(_MARK) if token is not None else None
    return SignOn.objects.filter(pk=key).first() if key else None


def sign_on_to_refresh(key: uuid.UUID) -> SignOn | None:
    """The sign-on of a refresh token, locked so that two uses of one token come one after another; None when over."""
    row = SignOn.objects.select_for_update(of=("self",)).select_related("party").filter(pk=key).first()
    return row if row is not None and still_open(row) else None


def still_open(row: SignOn) -> bool:
    """True while neither the sign-on nor the session here is over; one whose session is over ends now."""
    if row.ended_at is not None or row.expires_at <= now():
        return False
    if _session_is_open(row.session_id, row.account_id):
        return True
    end_sign_ons(SignOn.objects.filter(pk=row.pk))
    return False


def end_misused(row: SignOn, *, reason: str = "refresh token used again") -> None:
    """A code or refresh token came that was used before or never given out: the sign-on and its tokens end at once."""
    with transaction.atomic():
        end_sign_ons(SignOn.objects.filter(pk=row.pk))
        ledger.append(
            actor=anonymous(row.tenant),
            act="identity.sign_on_revoked",
            object_ref=ObjectRef(kind="relying_party", id=str(row.party_id)),
            payload={"account": str(row.account_id), "sign_on": str(row.id), "reason": reason},
        )


def end_sign_ons_of_sessions(session_ids: Iterable[int]) -> None:
    """Sessions here have ended: so has what was signed on to through them."""
    end_sign_ons(SignOn.objects.filter(session_id__in=list(session_ids)))


def end_sign_ons(rows: "QuerySet[SignOn]") -> None:
    """End the sign-ons that are open among ``rows``, with their tokens."""
    with transaction.atomic():
        keys = [str(key) for key in rows.filter(ended_at__isnull=True).values_list("pk", flat=True)]
        if keys:
            SignOn.objects.filter(pk__in=keys).update(ended_at=now())
            accounts = SignOn.objects.filter(pk__in=keys).values("account_id")
            Token.objects.filter(user_id__in=accounts, **{f"data__{_MARK}__in": keys}).delete()


def _session_is_open(session_id: int, account_id: uuid.UUID) -> bool:
    row = UserSession.objects.filter(pk=session_id, user_id=account_id).first()
    return row is not None and not row.purge()
