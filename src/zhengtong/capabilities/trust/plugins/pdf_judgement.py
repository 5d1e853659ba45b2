"""Whether a signature in a PDF was good when it was made: EN 319 102-1 by pyHanko, with SM2 beside RSA and ECDSA."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Sequence

from asn1crypto import algos, cms, crl, pem
from asn1crypto.keys import PublicKeyInfo
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.status import ModificationInfo
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from zhengtong.capabilities.trust.engine import certificates, sm2_asn1
from zhengtong.kernel.signing import provider
from zhengtong.kernel.signing.errors import KeyUnusable

# pyHanko's default, but a second organisation may add its visible seal to a certified document, as in Acrobat;
# a seal of somebody unknown still makes the whole document doubtful, because every signature is judged.
_LATER_SIGNATURES_ONLY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),  # type: ignore[no-untyped-call]  # pyHanko is typed in part
        *(
            rule().as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (DocInfoRule, XrefStreamRule, ObjectStreamRule, DSSCompareRule, MetadataUpdateRule)
        ),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(allow_new_visible_after_certify=True),  # type: ignore[no-untyped-call]  # the same
            SigFieldModificationRule(),
        ]
    ),
)


class _Validator(DefaultSignatureValidator):
    """Sends SM2 to the kernel; everything else stays with the library."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Raise InvalidSignature unless the signature holds."""
        if signature_algorithm["algorithm"].native != sm2_asn1.SM2_WITH_SM3:
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
            return
        public = pem.armor("PUBLIC KEY", public_key_info.dump()).decode()
        try:
            good = not context.prehashed and provider.verify("SM2", public, signed_data, signature)
        except KeyUnusable as error:  # a key of another kind under the issuer's name
            raise InvalidSignature from error
        if not good:
            raise InvalidSignature


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What was found of one signature.

    ``trusted``: its certificate was good at ``time``; ``time`` is proved by a time stamp where ``stamped``, else
    the signer's word. ``chain``: names from the signer up to the root, as far as a way was found.
    """

    status: ModificationInfo
    intact: bool
    trusted: bool
    time: dt.datetime | None
    stamped: bool
    chain: tuple[str, ...]


class Judge:
    """Judges the signatures of one document, by trusted roots (PEM) and the evidence at hand, at the moment ``at``.

    Every proof is judged at the time when the next stamp over it proves that it existed (EN 319 102-1 §5.6): the
    newest archival stamp now, each older one at the newer one's time, the stamp in a signature at the oldest one's,
    and the signer at the time of that stamp. Revocation lists count however late they were issued; what they
    revoke from then on does not. pyHanko's own walk (``ades_lta_validation``) comes to the same answers, but gives
    up where the authority still publishes lists after the certificate has ended.
    """

    def __init__(
        self,
        reader: PdfFileReader,
        *,
        trust_roots: Sequence[str],
        known: Sequence[str],
        lists: Sequence[crl.CertificateList],
        at: dt.datetime,
    ) -> None:
        self.at = at
        self._roots = [certificates.parse(text) for text in trust_roots]
        self._known = [certificates.parse(text) for text in known]
        self._lists = list(lists)
        self._stamps = sorted(reader.embedded_timestamp_signatures, key=lambda stamp: -stamp.signed_revision)
        self._judged: dict[str, Judgement] = {}

    def signature(self, embedded: EmbeddedPdfSignature) -> Judgement:
        """With a time stamp inside: at that time, also years later; without one: at the time the signer claims."""
        stamps = extract_tst_data_iter(embedded.signer_info, signed=False)
        inside = next(iter(stamps), None)
        return self._claimed(embedded) if inside is None else self._stamped(embedded, _time_of(inside))

    def archive_stamp(self, embedded: EmbeddedPdfSignature) -> Judgement:
        """A time stamp over the document, judged at the time of the next one over it, the last one now."""
        if embedded.field_name not in self._judged:
            self._judged[embedded.field_name] = self._archive_stamp(embedded, self._proved_until(embedded))
        return self._judged[embedded.field_name]

    def _archive_stamp(self, embedded: EmbeddedPdfSignature, moment: dt.datetime) -> Judgement:
        stated = _time_of(embedded.signed_data)
        status = asyncio.run(
            async_validate_pdf_timestamp(embedded, self._context(moment), diff_policy=_LATER_SIGNATURES_ONLY)
        )
        return Judgement(
            status=status,
            intact=bool(status.intact and status.valid),
            trusted=bool(status.trusted) and stated <= moment,
            time=stated,
            stamped=moment < self.at,
            chain=_names(status.validation_path),
        )

    def _proved_until(self, embedded: EmbeddedPdfSignature) -> dt.datetime:
        """The earliest time at which a trusted stamp over it proves that this signature existed; now without any."""
        for stamp in reversed(self._stamps):
            if stamp.signed_revision > embedded.signed_revision:
                found = self.archive_stamp(stamp)
                if found.intact and found.trusted and found.time is not None:
                    return found.time
        return self.at

    def _stamped(self, embedded: EmbeddedPdfSignature, stated: dt.datetime) -> Judgement:
        moment = self._proved_until(embedded)
        status = asyncio.run(
            async_validate_pdf_signature(
                embedded,
                signer_validation_context=self._context(stated),
                ts_validation_context=self._context(moment),
                diff_policy=_LATER_SIGNATURES_ONLY,
            )
        )
        stamp = status.timestamp_validity
        proved = bool(stamp is not None and stamp.intact and stamp.valid and stamp.trusted) and stated <= moment
        return Judgement(
            status=status,
            intact=bool(status.intact and status.valid),
            # A stamp that itself cannot be trusted proves no time; then nothing is proved.
            trusted=proved and bool(status.trusted),
            time=stated if proved else embedded.self_reported_timestamp,
            stamped=proved,
            chain=_names(status.validation_path),
        )

    def _claimed(self, embedded: EmbeddedPdfSignature) -> Judgement:
        claimed = embedded.self_reported_timestamp
        status = asyncio.run(
            async_validate_pdf_signature(
                embedded,
                signer_validation_context=self._context(claimed or self.at, with_lists=False),
                diff_policy=_LATER_SIGNATURES_ONLY,
            )
        )
        dated = claimed is not None and claimed <= self.at
        return Judgement(
            status=status,
            intact=bool(status.intact and status.valid),
            trusted=bool(status.trusted and dated),
            time=claimed,
            stamped=False,
            chain=_names(status.validation_path),
        )

    def _context(self, moment: dt.datetime, *, with_lists: bool = True) -> ValidationContext:
        return ValidationContext(
            trust_roots=self._roots,
            other_certs=self._known,
            crls=self._lists if with_lists else [],
            revocation_mode="require" if with_lists else "soft-fail",
            retroactive_revinfo=True,
            moment=moment,
            allow_fetching=False,
            signature_validator=_Validator(),
        )


def _time_of(stamp: cms.SignedData) -> dt.datetime:
    time: dt.datetime = stamp["encap_content_info"]["content"].parsed["gen_time"].native
    return time


def _names(path: ValidationPath | None) -> tuple[str, ...]:
    if path is None:
        return ()
    found = [certificates.facts_of(one).subject.name for one in path.iter_certs(include_root=True)]
    return tuple(reversed(found))
