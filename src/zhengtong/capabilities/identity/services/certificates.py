"""Sign-in with a digital certificate: whose it is, and whether the other side holds its key."""

import base64
import dataclasses
import hashlib
import secrets
import uuid

from asn1crypto import pem, x509
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.engine import SignedText, certificate_within, holds_signed_data, signed_text
from zhengtong.capabilities.identity.models import Account, AccountCertificate, SignIn
from zhengtong.capabilities.identity.permissions import may_authorise
from zhengtong.capabilities.identity.registry import CheckedCertificate, certificate_checkers
from zhengtong.capabilities.identity.services.sign_in import lock_of
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.parameters import declare, value
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.provider import verify

_ALONE = declare(
    "identity.certificate_alone",
    default=1,
    label="证书登录不再要求密码（1 是，0 否）",
    unit="",
    source="证书私钥由口令保护的介质保管时可视为两种因素（待核实）",
    confirmed=False,
).key
_SM2_CURVE = "1.2.156.10197.1.301"  # GM/T 0006
_ALGORITHMS = {_SM2_CURVE: "SM2", "secp256r1": "ECDSA-P256", "1.2.840.10045.3.1.7": "ECDSA-P256"}


@dataclasses.dataclass(frozen=True)
class ReadCertificate:
    """A certificate that could be read: what is needed to name it and to check a signature."""

    der: bytes
    fingerprint: str
    serial: str
    subject: str
    issuer: str
    algorithm: str
    public_pem: str


def new_challenge() -> str:
    """What the other side signs: names this site, so that a signature for another one is of no use here."""
    return f"{settings.ZHENGTONG_BASE_URL} 登录 {now():%Y-%m-%dT%H:%M:%SZ} {secrets.token_hex(16)}"


def certificate_is_enough(tenant: str) -> bool:
    """True when a certificate opens an account without its password."""
    return bool(int(value(_ALONE, tenant=tenant)))


def read_certificate(given: bytes) -> ReadCertificate:
    """A certificate in DER or PEM; raises Invalid for anything else."""
    try:
        der = pem.unarmor(given)[2] if pem.detect(given) else given
        parsed = x509.Certificate.load(der, strict=True)
        info = parsed.public_key
        if info.algorithm == "rsa":
            algorithm = "RSA-3072"
        else:
            curve = info["algorithm"]["parameters"].chosen
            algorithm = _ALGORITHMS.get(curve.native) or _ALGORITHMS[curve.dotted]
        return ReadCertificate(
            der=der,
            fingerprint=hashlib.sha256(der).hexdigest(),
            serial=format(parsed.serial_number, "x"),
            subject=parsed.subject.human_friendly[:300],
            issuer=parsed.issuer.human_friendly[:300],
            algorithm=algorithm,
            public_pem=pem.armor("PUBLIC KEY", info.dump()).decode("ascii"),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(
            _("这不是可以识别的数字证书。请提供 PEM 或者 DER 格式的证书文件，密钥为 SM2、ECDSA P-256 或 RSA。"),
            field="certificate",
        ) from error


def account_by_certificate(*, tenant: str, certificate: bytes) -> tuple[Account, ReadCertificate]:
    """The account a valid certificate belongs to.

    Raises Invalid with the checker's sentence, when nobody checks certificates here, or when it belongs to no open
    account; NotPermitted while the account is locked.
    """
    read = read_certificate(certificate)
    checked = _check(read)
    account = _bound_account(tenant, read.fingerprint, checked)
    if account is None or not account.is_active:
        raise Invalid(
            _("这张证书没有绑定可用的账户。请先用密码登录，在“通行密钥和证书”里绑定，或者联系安全管理员。"),
            field="certificate",
        )
    locked = lock_of(account)
    if locked:
        raise NotPermitted(locked)
    return account, read


def prove_possession(*, read: ReadCertificate, challenge: str, signature: bytes) -> bool:
    """True when the challenge was signed with the certificate's key.

    ``signature`` is the bare signature or a message of signed data (CMS, PKCS#7, GM/T 0010) with the text inside or
    apart, in DER, base64 or PEM.
    """
    if not challenge:
        return False
    raw = _raw_signature(signature)
    over = SignedText(challenge.encode(), raw)
    if holds_signed_data(raw):
        found = signed_text(raw, text=challenge.encode(), certificate=read.der)
        if found is None:
            return False
        over = found
    try:
        return bool(over.signature) and verify(read.algorithm, read.public_pem, over.data, over.signature)
    except KeyUnusable:
        return False


def certificate_in(signature: bytes) -> bytes | None:
    """The signer's certificate, where the signature is a message that brings it along."""
    return certificate_within(_raw_signature(signature))


def record_wrong_signature(*, account: Account, address: str) -> None:
    """Somebody showed the certificate without holding its key; the owner sees it among his sign-ins.

    It locks nothing: certificates are public, and a stranger must not be able to lock the owner out.
    """
    SignIn.objects.create(
        tenant=account.tenant, account=account, outcome=SignInOutcome.WRONG_CERTIFICATE, address=address
    )


def bind_certificate(
    *, actor: Actor, account_id: uuid.UUID, certificate: bytes, challenge: str = "", signature: bytes = b""
) -> uuid.UUID:
    """Bind a valid certificate: the owner proves that he holds its key, the security administrator need not.

    Raises NotPermitted, Invalid, Conflict when it is bound already.
    """
    account = Account.objects.filter(tenant=actor.tenant, pk=account_id).first()
    own = account is not None and account.person_id == actor.person_id
    if account is None or not (own or may_authorise(actor)):
        raise NotPermitted(_("只能绑定自己的证书；为他人绑定由安全管理员办理。"))
    read = read_certificate(certificate)
    checked = _check(read)
    if checked.person_id not in (None, account.person_id):
        raise Invalid(_("这张证书登记在另一个人名下，不能绑定。"), field="certificate")
    if own and not prove_possession(read=read, challenge=challenge, signature=signature):
        raise Invalid(_("签名与证书不符。请用证书对应的私钥对页面上的文字签名后再提交。"), field="signature")
    try:
        with transaction.atomic():
            row = AccountCertificate.objects.create(
                tenant=actor.tenant,
                account=account,
                fingerprint=read.fingerprint,
                serial=read.serial,
                subject=read.subject,
                issuer=read.issuer,
            )
            _append(actor, "identity.certificate_bound", row)
    except IntegrityError as error:
        raise Conflict(_("这张证书已经绑定过账户。"), field="certificate") from error
    return row.id


def end_certificate(*, actor: Actor, certificate_id: uuid.UUID) -> None:
    """The owner or the security administrator unbinds a certificate; raises NotFound."""
    with transaction.atomic():
        rows = AccountCertificate.objects.select_for_update(of=("self",)).select_related("account")
        row = rows.filter(tenant=actor.tenant, pk=certificate_id, ended_at__isnull=True).first()
        if row is None or not (row.account.person_id == actor.person_id or may_authorise(actor)):
            raise NotFound(_("没有这张绑定的证书。"))
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        _append(actor, "identity.certificate_ended", row)


def _check(read: ReadCertificate) -> CheckedCertificate:
    sentence = _("本平台现在没有接入证书验证服务，不能使用证书。请用密码和动态口令登录。")
    for _key, checker in certificate_checkers.items():  # noqa: PERF102  (a Registry has no values)
        checked = checker(read.der)
        if checked.valid:
            return checked
        sentence = checked.reason
    raise Invalid(sentence, field="certificate")


def _bound_account(tenant: str, fingerprint: str, checked: CheckedCertificate) -> Account | None:
    accounts = Account.objects.select_related("person").filter(tenant=tenant)
    if checked.person_id is not None:
        return accounts.filter(person_id=checked.person_id).first()
    return accounts.filter(certificates__fingerprint=fingerprint, certificates__ended_at__isnull=True).first()


def _raw_signature(given: bytes) -> bytes:
    try:
        if pem.detect(given):
            return bytes(pem.unarmor(given)[2])
        text = "".join(given.decode("ascii").split())
        return base64.b64decode(text, validate=True)
    except (UnicodeDecodeError, ValueError):  # of which binascii.Error is one
        return given


def _append(actor: Actor, act: str, row: AccountCertificate) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="account", id=str(row.account_id)),
        payload={"certificate": str(row.id), "fingerprint": row.fingerprint, "serial": row.serial},
    )
