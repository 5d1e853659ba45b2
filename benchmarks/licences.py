"""Licences per second: the service of documents against typst and pyHanko alone, same contents, keys and profile.

The peer keeps nothing: no number, no row, no entry in the ledger, no event, no offline token, no file on disk. It
sets the same template and signs with the same keys at the same level (LTA): SM2 with the visible seal, RSA over it,
both with a time stamp, certificates and lists in the file, an archival time stamp over all. Its SM2 signer, its
time-stamp client and its order of calls are written here with pyHanko's public classes.
"""

import asyncio
import datetime as dt
import io
import json
import uuid
from pathlib import Path
from typing import Any

import typst
from asn1crypto import algos, cms, crl, tsp
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.context import Context
from benchmarks.measure import Contestant, ratio, take_turns
from benchmarks.results import Result
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.documents.engine.typesetting import TEMPLATES
from zhengtong.capabilities.trust import api as trust
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.preservation import evidence_for
from zhengtong.capabilities.trust.services.timestamping import TimestampSource, open_source
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.fonts import font_paths
from zhengtong.kernel.qr import qr_svg
from zhengtong.kernel.signing.provider import SignProvider

_TENANT = "980723"
_ORG = uuid.UUID(int=22)
_UNIT = "青禾县市场监督管理局"
_HOLDER = "青禾县味之源餐饮管理有限公司"
_ITEM = "食品经营许可（餐饮服务）"
_NOTICE = "本电子证照与纸质证照具有同等法律效力"
_ROWS = [
    {"label": "统一社会信用代码", "value": "91980723MA0000001X"},
    {"label": "经营场所", "value": "青禾县青禾镇人民路128号1幢1层"},
    {"label": "经营项目", "value": "热食类食品制售；冷食类食品制售；自制饮品制售"},
]
_DIGESTS = {"SM2": "sm3", "RSA-3072": "sha256"}
_MECHANISMS = {"SM2": "sm3_sm2", "RSA-3072": "sha256_rsa"}
_LONGEST = {"SM2": 72, "RSA-3072": 384}
# Where the template puts the seal: the lower left and upper right corner in points.
_BOX = (609, 112, 728, 231)


def licences(context: Context, *, rounds: int, papers: int) -> list[Result]:
    """Licences per second, one transaction each; the OFD is made later by the worker and not counted."""
    seal = trust.ensure_seal(actor=system(_TENANT), org_id=_ORG, org_name=_UNIT, kind="official")
    _issue(1, seal.id)
    peer = _Peer(seal.id)
    standings = take_turns(
        [
            Contestant("ours", lambda n: _issue(n, seal.id), context.django_pid()),
            Contestant("peer", peer.run),
        ],
        rounds=rounds,
        pieces=papers,
    )
    what = "签发证照的速度之比：取号、排版、离线核验码、双签名加时间戳到 LTA、存文件、记账、发事件"
    against = "typst + pyHanko：同样的模板、数据、密钥和等级，什么都不保存"
    return [
        Result("licences.to_typst_and_pyhanko", ratio(standings, "ours", "peer"), what, against, "倍"),
        Result("licences.ours", standings["ours"].rate, "documents.issue_document", "", "份/秒"),
        Result("licences.peer", standings["peer"].rate, "typst + pyHanko", "", "份/秒"),
        Result("licences.ours.client", standings["ours"].client_ms, "客户端处理器时间", "", "毫秒/份"),
        Result("licences.peer.client", standings["peer"].client_ms, "对照的处理器时间", "", "毫秒/份"),
        Result("licences.ours.server", standings["ours"].server_ms, "数据库进程处理器时间", "", "毫秒/份"),
    ]


def _issue(count: int, seal_id: uuid.UUID) -> None:
    for _ in range(count):
        documents.issue_document(
            actor=system(_TENANT),
            paper=documents.Paper(
                kind="licence",
                template="licence",
                title="食品经营许可证",
                holder=documents.Holder(name=_HOLDER, is_person=False),
                object_ref=ObjectRef(kind="case", id=str(uuid.uuid4())),
                fields={"item": _ITEM, "rows": _ROWS, "legal_notice": _NOTICE},
                issuing_org_id=_ORG,
                issuing_org_name=_UNIT,
                valid_from=dt.date(2026, 11, 21),
                valid_until=dt.date(2031, 11, 20),
                seal_id=seal_id,
            ),
            number_prefix="青市监",
        )


class _Peer:
    """Everything that can be kept is kept: the compiler with its fonts, keys, parsed certificates, evidence."""

    def __init__(self, seal_id: uuid.UUID) -> None:
        seal = Seal.objects.get(pk=seal_id)
        rows = {row.algorithm: row for row in Certificate.objects.filter(seal=seal).select_related("issuer__issuer")}
        self._signers = [_Signer(rows[name], key_store().load(rows[name].key_name)) for name in _DIGESTS]
        sources = {name: open_source(tenant=_TENANT, algorithm=name, at=now()) for name in _DIGESTS}
        self._stampers = {name: _Stamper(source) for name, source in sources.items() if source is not None}
        last = sources["RSA-3072"]
        evidence = evidence_for([*rows.values(), last.certificate]) if last is not None else None
        if evidence is None:
            raise RuntimeError("no revocation lists to put into the files")
        self._certificates = [_parsed(text) for text in evidence.certificates_pem]
        self._lists = [crl.CertificateList.load(der) for der in evidence.revocation_lists]
        picture = Path(settings.ZHENGTONG_VAR) / "peer-seal.pdf"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(bytes(seal.picture_pdf))
        self._style = StaticStampStyle.from_pdf_file(
            str(picture),
            border_width=0,
            background_layout=layout.SimpleBoxLayoutRule(
                x_align=layout.AxisAlignment.ALIGN_MID,
                y_align=layout.AxisAlignment.ALIGN_MID,
                margins=layout.Margins(left=0, right=0, top=0, bottom=0),
            ),
            background_opacity=1.0,
        )
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(path) for path in font_paths()],
        )
        self._compiler = typst.Compiler(
            input=str(TEMPLATES / "licence.typ"), root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True
        )

    def run(self, count: int) -> None:
        """Make licences and throw them away."""
        for _ in range(count):
            pdf = self._typeset()
            for number, signer in enumerate(self._signers):
                pdf = self._signed(pdf, signer, visible=number == 0)
            if len(self._preserved(pdf)) < len(pdf):
                raise RuntimeError("pyHanko lost something")

    def _typeset(self) -> bytes:
        code = uuid.uuid4().hex[:12].upper()
        url = f"https://zw.qinghe.example/verify/{code}/"
        data: dict[str, Any] = {
            "title": "食品经营许可证",
            "number": f"青市监证〔2026〕{code}号",
            "holder": _HOLDER,
            "issuer": _UNIT,
            "issued_on": "2026年11月21日",
            "validity": "2026年11月21日至2031年11月20日",
            "code": code,
            "url": url,
            "qr": qr_svg(url, level="Q", border=2),
            "token_qr": "",
            "draft": False,
            "keywords": [code],
            "fonts": {"serif": ["Noto Serif SC"], "sans": ["Noto Sans SC"], "body": ["Noto Serif SC"]},
            "content": {
                "seal_diameter": 42.0,
                "legal_notice": _NOTICE,
                "item": _ITEM,
                "rows": _ROWS,
                "holder_label": "持证人",
                "item_label": "许可事项",
            },
        }
        made = self._compiler.compile(
            format="pdf",
            pdf_standards=["a-2b"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=dt.datetime.now(dt.UTC).replace(microsecond=0),
        )
        if not isinstance(made, bytes):
            raise TypeError("typst returned no document")
        return made

    def _signed(self, pdf: bytes, signer: "_Signer", *, visible: bool) -> bytes:
        field = f"seal-{signer.algorithm.lower()}"
        metadata = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=_DIGESTS[signer.algorithm],
            subfilter=fields.SigSeedSubFilter.PADES,
            reason="准予许可",
            certify=visible,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        )
        spec = fields.SigFieldSpec(field, on_page=0, box=_BOX) if visible else fields.SigFieldSpec(field, on_page=0)
        pdf_signer = signers.PdfSigner(
            metadata,
            signer=signer,
            timestamper=self._stampers[signer.algorithm],
            stamp_style=self._style if visible else None,
            new_field_spec=spec,
        )
        out = io.BytesIO()
        asyncio.run(pdf_signer.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out))
        return out.getvalue()

    def _preserved(self, pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        DocumentSecurityStore.supply_dss_in_writer(
            writer, sig_contents=None, certs=self._certificates, crls=self._lists
        )
        stamper = self._stampers["RSA-3072"]
        out = io.BytesIO()
        asyncio.run(
            signers.PdfTimeStamper(stamper, field_name="archive").async_timestamp_pdf(
                writer, "sha256", output=out, bytes_reserved=2 * stamper.room
            )
        )
        return out.getvalue()


class _Signer(signers.Signer):
    """The shortest signer that pyHanko takes: a kept key, a parsed certificate."""

    def __init__(self, row: Certificate, key: SignProvider) -> None:
        self.algorithm = row.algorithm
        self._key = key
        issuer = row.issuer
        chain = [] if issuer is None else [_parsed(issuer.pem)]
        super().__init__(
            signing_cert=_parsed(row.pem),
            cert_registry=SimpleCertificateStore.from_certs(chain),  # type: ignore[no-untyped-call]  # pyHanko is typed in part
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": _MECHANISMS[row.algorithm]}),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001  (pyHanko's signature)
        """The signature, or room for it."""
        return bytes(_LONGEST[self.algorithm]) if dry_run else self._key.sign(data)


class _Stamper(TimeStamper):
    """The platform's time-stamp service without its records."""

    def __init__(self, source: TimestampSource) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the same
        self._source = source
        self.room = source.stamp.token_bytes

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """A token."""
        self._source.records.clear()
        return tsp.TimeStampResp.load(self._source.answer(req.dump()))

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """Room for a token."""
        return cms.ContentInfo({"content_type": "data", "content": bytes(self.room)})


def _parsed(text: str) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(asn1_pem.unarmor(text.encode())[2])
