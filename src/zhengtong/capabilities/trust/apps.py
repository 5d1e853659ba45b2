"""安全认证 as a Django app."""

from typing import TYPE_CHECKING

from django.core import checks

from zhengtong.kernel.loops import register_loop
from zhengtong.kernel.systems import SystemConfig

if TYPE_CHECKING:
    from zhengtong.capabilities.identity.registry import CheckedCertificate
    from zhengtong.capabilities.trust.registry import CertificateAuthority, OfdSigner, PdfSigner


class TrustConfig(SystemConfig):
    """Certificates, keys, electronic seals, signatures."""

    name = "zhengtong.capabilities.trust"
    label = "trust"
    verbose_name = "安全认证"
    aliases = ("电子印章", "电子签章", "数字签名", "网络信任体系", "政务CA认证体系")
    home_url = "/trust/seals/"
    plan_refs = ("Q-24", "Q-25", "Q-26", "S-43", "J-38", "J-63")

    def ready(self) -> None:
        """Plug in authorities, the signer of PDF documents, loops of the worker and, if wanted, the ledger's key."""
        from zhengtong.capabilities.identity.registry import certificate_checkers
        from zhengtong.capabilities.ledger.registry import SIGNER, act_labels, checkpoint_signer, object_labels
        from zhengtong.capabilities.trust import constants
        from zhengtong.capabilities.trust.plugins.checkpoint_signer import checkpoint_key, wanted_algorithm
        from zhengtong.capabilities.trust.plugins.lawfulness import check_lawfulness
        from zhengtong.capabilities.trust.registry import certificate_authorities, ofd_signers, pdf_signers

        certificate_authorities.register("development", _development_authority)
        certificate_authorities.register("file", _file_authority)
        pdf_signers.register("pdf", _pdf_signer)
        ofd_signers.register("ofd", _ofd_signer)
        for act, words in constants.ACT_LABELS.items():
            act_labels.register(act, words)
        for kind, words in constants.OBJECT_LABELS.items():
            object_labels.register(kind, words)
        if wanted_algorithm():
            checkpoint_signer.register(SIGNER, checkpoint_key)
        register_loop("trust_lists", _publish_lists, interval=60.0)
        register_loop("trust_stamps", _renew_stamps, interval=300.0)
        register_loop("trust_stamp_keys", _prepare_stamps, interval=60.0)
        register_loop("trust_expiry", _watch_expiry, interval=3600.0)
        register_loop("trust_leavers", _end_of_leavers, interval=60.0)
        checks.register(check_lawfulness)
        certificate_checkers.register("trust", _check_certificate)


def _check_certificate(certificate: bytes, /) -> "CheckedCertificate":
    from zhengtong.capabilities.trust import services

    return services.check_certificate(certificate)


def _development_authority() -> "CertificateAuthority":
    from zhengtong.capabilities.trust.plugins.development_ca import DevelopmentCA

    return DevelopmentCA()


def _file_authority() -> "CertificateAuthority":
    from zhengtong.capabilities.trust.plugins.development_ca import FileAuthority

    return FileAuthority()


def _pdf_signer() -> "PdfSigner":
    from zhengtong.capabilities.trust.plugins.pdf_signature import PyHankoSigner

    return PyHankoSigner()


def _ofd_signer() -> "OfdSigner":
    from zhengtong.capabilities.trust.plugins.ofd_signature import SesSigner

    return SesSigner()


def _publish_lists() -> int:
    from zhengtong.capabilities.trust import services

    return services.publish_due_lists()


def _renew_stamps() -> int:
    from zhengtong.capabilities.trust import services

    return services.renew_due()


def _prepare_stamps() -> int:
    from zhengtong.capabilities.trust import services

    return services.prepare_sources()


def _watch_expiry() -> int:
    from zhengtong.capabilities.trust.plugins.lawfulness import say_what_is_unlawful
    from zhengtong.capabilities.trust.services.expiry import warn_of_expiry

    say_what_is_unlawful()
    return warn_of_expiry()


def _end_of_leavers() -> int:
    from zhengtong.capabilities.trust.services.leaving import end_certificates_of_leavers

    return end_certificates_of_leavers()
