"""The simulated upper platform: the one beside the demonstration county, and the one of the command line."""

import functools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from zhengtong.capabilities.exchange.engine.folder_store import FolderStore
from zhengtong.capabilities.exchange.engine.upper import Faults, NoAnswer, Store, UpperPlatform
from zhengtong.capabilities.exchange.registry import Column, TransportFailed, data_sets
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.trust import api as trust
from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus
from zhengtong.kernel.clock import now

ORGANISATION = "模拟省政务服务平台"
_REFUSE_EVERY = 60  # so that a demonstration has refused rows to put right
_one_at_a_time = threading.Lock()


def simulated_platform(
    folder: Path,
    *,
    trusted: Callable[[], Sequence[str]],
    store: Store | None = None,
    faults: Faults | None = None,
) -> UpperPlatform:
    """An upper platform with a key of its own in ``folder``; ``trusted``: whose signatures it believes (PEM).

    Nobody's in particular where that is empty: then any signature that fits its certificate will do.
    """
    signer = trust.simulated_signer(folder / "keys", organisation=ORGANISATION)

    def why_not_trusted(data: bytes, signature: bytes, certificate: str) -> str:
        believed = list(trusted()) or [certificate]
        return trust.why_data_not_trusted(
            data=data, signature=signature, certificate=certificate, trusted=believed, at=now()
        )

    return UpperPlatform(
        schemas=columns_of,
        why_not_trusted=why_not_trusted,
        sign=signer.sign,
        certificate=signer.certificate,
        store=store or FolderStore(folder / "packages"),
        faults=faults,
    )


def columns_of(dataset: str, version: str) -> Sequence[Column] | None:
    """The columns both sides agreed on, None for a data set or version nobody declared."""
    if dataset not in data_sets or data_sets.get(dataset).version != version:
        return None
    return data_sets.get(dataset).columns


def built_in_certificate() -> str:
    """The certificate (PEM) of the upper platform beside the demonstration county."""
    return trust.simulated_signer(_folder() / "keys", organisation=ORGANISATION).certificate


def answer_built_in(subject: str, body: bytes) -> bytes:
    """What the upper platform beside the demonstration county answers; raises TransportFailed where it does not."""
    try:
        with _one_at_a_time:
            return _built_in(str(_folder())).answer(subject, body, at=now())
    except NoAnswer as fault:
        raise TransportFailed(f"模拟的上级平台没有应答（{fault.status}）。") from fault


def _folder() -> Path:
    return Path(settings.ZHENGTONG_VAR) / "upper"


@functools.cache
def _built_in(folder: str) -> UpperPlatform:
    return simulated_platform(Path(folder), trusted=_own_certificates, faults=Faults(refuse_every=_REFUSE_EVERY))


def _own_certificates() -> list[str]:
    """Certificates with which the counties of this installation sign what they hand over."""
    return [
        row.pem
        for tenant in identity.tenants()
        for row in trust.certificates(tenant=tenant)
        if row.role == CertificateRole.EXCHANGE and row.status != CertificateStatus.REVOKED
    ]
