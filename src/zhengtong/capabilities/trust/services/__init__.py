"""Use cases of trust."""

from zhengtong.capabilities.trust.services.applications import (
    apply_for_seal,
    approve_application,
    refuse_application,
)
from zhengtong.capabilities.trust.services.certificates import (
    CertificateCheck,
    check_certificate,
    hold_certificate,
    release_certificate,
    renew_timestamp_certificate,
    revoke_certificate,
)
from zhengtong.capabilities.trust.services.lifecycle import destroy_seal, resume_seal, revoke_seal, suspend_seal
from zhengtong.capabilities.trust.services.making import ensure_seal, renew_certificates, seal_if_possible
from zhengtong.capabilities.trust.services.persons import (
    apply_for_person_certificate,
    approve_person_certificate,
    import_person_certificate,
    refuse_person_certificate,
)
from zhengtong.capabilities.trust.services.preservation import renew_due
from zhengtong.capabilities.trust.services.revocation import import_list, publish_due_lists, publish_list
from zhengtong.capabilities.trust.services.sealing import SealedPdf, SealPosition, seal_pdf
from zhengtong.capabilities.trust.services.status import answer_status
from zhengtong.capabilities.trust.services.timestamping import answer_timestamp, prepare_sources
from zhengtong.capabilities.trust.services.verification import PdfVerification, is_test_sealed, verify_pdf

__all__ = [
    "CertificateCheck",
    "PdfVerification",
    "SealPosition",
    "SealedPdf",
    "answer_status",
    "answer_timestamp",
    "apply_for_person_certificate",
    "apply_for_seal",
    "approve_application",
    "approve_person_certificate",
    "check_certificate",
    "destroy_seal",
    "ensure_seal",
    "hold_certificate",
    "import_list",
    "import_person_certificate",
    "is_test_sealed",
    "prepare_sources",
    "publish_due_lists",
    "publish_list",
    "refuse_application",
    "refuse_person_certificate",
    "release_certificate",
    "renew_certificates",
    "renew_due",
    "renew_timestamp_certificate",
    "resume_seal",
    "revoke_certificate",
    "revoke_seal",
    "seal_if_possible",
    "seal_pdf",
    "suspend_seal",
    "verify_pdf",
]
