"""安全认证 as a Django app."""

from typing import TYPE_CHECKING

from zhengtong.kernel.systems import SystemConfig

if TYPE_CHECKING:
    from zhengtong.capabilities.trust.registry import CertificateAuthority, PdfSigner


class TrustConfig(SystemConfig):
    """Certificates, keys, electronic seals, signatures."""

    name = "zhengtong.capabilities.trust"
    label = "trust"
    verbose_name = "安全认证"
    aliases = ("电子印章", "电子签章", "数字签名", "网络信任体系", "政务CA认证体系")
    plan_refs = ("Q-24", "Q-25", "S-43", "J-38", "J-63")

    def ready(self) -> None:
        """Plug in the development authority, the signer of PDF documents and, if wanted, the ledger's key."""
        from zhengtong.capabilities.ledger.registry import SIGNER, act_labels, checkpoint_signer, object_labels
        from zhengtong.capabilities.trust import constants
        from zhengtong.capabilities.trust.plugins.checkpoint_signer import checkpoint_key, wanted_algorithm
        from zhengtong.capabilities.trust.registry import certificate_authorities, pdf_signers

        certificate_authorities.register("development", _development_authority)
        pdf_signers.register("pdf", _pdf_signer)
        for act, words in constants.ACT_LABELS.items():
            act_labels.register(act, words)
        object_labels.register(constants.SEAL, "电子印章")
        if wanted_algorithm():
            checkpoint_signer.register(SIGNER, checkpoint_key)


def _development_authority() -> "CertificateAuthority":
    from zhengtong.capabilities.trust.plugins.development_ca import DevelopmentCA
    from zhengtong.capabilities.trust.services.keys import key_store

    return DevelopmentCA(key_store)


def _pdf_signer() -> "PdfSigner":
    from zhengtong.capabilities.trust.plugins.pdf_signature import PyHankoSigner

    return PyHankoSigner()
