"""The platform's own time-stamp service (RFC 3161): over HTTP for everybody, directly for its own signatures."""

import contextlib
import dataclasses
import datetime as dt
from typing import Final

from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import CertificateRole, SealStatus
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.engine import timestamps
from zhengtong.capabilities.trust.models import Certificate, Seal, TimestampRecord
from zhengtong.capabilities.trust.registry import Stamp
from zhengtong.capabilities.trust.services.certificates import timestamp_certificate
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.signing.provider import SignProvider

ACCURACY_SECONDS: Final = 1
DEFAULT_ALGORITHM: Final = "SM2"
# A token beside its certificates: TSTInfo, signed attributes, and the longest signature.
_TOKEN_FRAME: Final = 1400


@dataclasses.dataclass
class TimestampSource:
    """The service opened for one act: stamps without touching the database, ``save`` records what it stamped."""

    certificate: Certificate
    key: SignProvider
    at: dt.datetime
    records: list[TimestampRecord] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        issuer = self.certificate.issuer
        self._own: bytes = x509.parse(self.certificate.pem).dump()
        # The root stays at home: a verifier trusts his own copy only.
        above = [] if issuer is None or issuer.issuer is None else [issuer]
        self._chain: tuple[bytes, ...] = tuple(x509.parse(row.pem).dump() for row in above)
        self.stamp = Stamp(self.answer, sum(map(len, (self._own, *self._chain))) + _TOKEN_FRAME)

    def answer(self, data: bytes) -> bytes:
        """The DER of the answer to the DER of a request: a token, or a refusal that says why."""
        try:
            request = timestamps.read_request(data)
        except timestamps.Refused as refused:
            return timestamps.refusal(refused.failure, refused.message)
        row = TimestampRecord(
            id=new_id(),
            tenant=self.certificate.tenant,
            certificate=self.certificate,
            digest_algorithm=request.digest_algorithm,
            digest=request.digest.hex(),
            stamped_at=self.at,
        )
        self.records.append(row)
        token = timestamps.token(
            request,
            # The row's key is unique for ever and fits the 160 bits a serial number may have.
            serial=row.id.int,
            at=self.at,
            accuracy_seconds=ACCURACY_SECONDS,
            key=self.key,
            certificate=self._own,
            chain=self._chain,
        )
        return timestamps.granted(token)

    def save(self) -> None:
        """Write the records of all tokens given so far."""
        TimestampRecord.objects.bulk_create(self.records)
        self.records = []


def open_source(*, tenant: str, algorithm: str, at: dt.datetime) -> TimestampSource | None:
    """The service with a key of that algorithm; None where it has no certificate. Raises DomainError in production
    for the development authority.
    """
    certificate = timestamp_certificate(tenant=tenant, algorithm=algorithm, at=at)
    if certificate is None:
        return None
    return TimestampSource(certificate=certificate, key=key_store().load(certificate.key_name), at=at)


def prepare_sources() -> int:
    """One round of the worker: have the certificates before the first seal needs them; how many were made.

    A first RSA key takes seconds, which no clerk should wait for.
    """
    before = Certificate.objects.filter(role=CertificateRole.TIMESTAMP).count()
    at = now()
    sealing = Seal.objects.filter(status=SealStatus.ACTIVE).order_by()
    for tenant in sealing.values_list("tenant", flat=True).distinct():
        for algorithm in rules.SEAL_ALGORITHMS:
            # Production without a lawful authority: the health page says so, nothing is stamped.
            with contextlib.suppress(DomainError):
                timestamp_certificate(tenant=tenant, algorithm=algorithm, at=at)
    return Certificate.objects.filter(role=CertificateRole.TIMESTAMP).count() - before


def answer_timestamp(*, tenant: str, data: bytes, algorithm: str = DEFAULT_ALGORITHM) -> bytes:
    """The DER of the answer to the DER of a request; never raises for what it is given."""
    try:
        source = open_source(tenant=tenant, algorithm=algorithm, at=now())
    except DomainError as refusal:
        return timestamps.refusal("system_failure", refusal.message)
    if source is None:
        return timestamps.refusal("system_failure", "时间戳服务还没有证书。")
    answer = source.answer(data)
    source.save()
    return answer
