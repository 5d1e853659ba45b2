"""Short signatures for offline tokens: SM2 as r and s of 32 bytes each, under a certificate of the tenant's own."""

import dataclasses
from typing import Final

from asn1crypto import algos

from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.services.keys import is_unlawful, key_store
from zhengtong.capabilities.trust.services.platform_certificates import ALGORITHM, platform_certificate
from zhengtong.kernel.clock import now
from zhengtong.kernel.signing import provider

_HALF: Final = 32


@dataclasses.dataclass(frozen=True)
class TokenKey:
    """A key that signs tokens: ``key_id`` as in ``kernel.signing.provider``, and how to sign (r ‖ s, 64 bytes)."""

    key_id: str
    _signer: provider.SignProvider

    def sign(self, data: bytes) -> bytes:
        """r ‖ s over ``data``."""
        parts = algos.DSASignature.load(self._signer.sign(data))
        return b"".join(int(parts[name].native).to_bytes(_HALF, "big") for name in ("r", "s"))


def token_key(*, tenant: str) -> TokenKey | None:
    """The tenant's key for offline tokens, made when there is none; None until its certificate has come by file."""
    at = now()
    row = platform_certificate(tenant=tenant, role=CertificateRole.TOKEN, since=at, at=at)
    if row is None:
        return None
    signer = key_store().load(row.key_name)
    return TokenKey(signer.key_id, signer)


def token_keys() -> dict[str, str]:
    """Public keys (PEM) of all tokens that may be believed, by identifier: to be published.

    In production none of the development authority.
    """
    return _keys(unlawful=False)


def is_test_key(key_id: str) -> bool:
    """Whether a token names a key that is not believed because its certificate is the development authority's."""
    return bool(key_id) and any(known.startswith(key_id.lower()) for known in _keys(unlawful=True))


def verify_token(*, key_id: str, data: bytes, signature: bytes) -> bool | None:
    """Whether r ‖ s is the signature over ``data``; None when no key that may be believed begins with ``key_id``."""
    public = next((pem for known, pem in token_keys().items() if key_id and known.startswith(key_id.lower())), None)
    if public is None:
        return None
    if len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    return provider.verify(ALGORITHM, public, data, algos.DSASignature({"r": r, "s": s}).dump())


def _keys(*, unlawful: bool) -> dict[str, str]:
    rows = Certificate.objects.filter(role=CertificateRole.TOKEN).exclude(status=CertificateStatus.REVOKED)
    keys = [
        x509.facts_of(x509.parse(row.pem)).public_pem
        for row in rows.order_by("-not_before")
        if is_unlawful(development=row.is_development) == unlawful
    ]
    return {provider.key_id_of(public): public for public in keys}
