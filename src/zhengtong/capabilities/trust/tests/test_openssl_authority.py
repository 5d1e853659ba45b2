"""A licensed installation from end to end, with an authority made by OpenSSL's own commands (SM2 and RSA)."""

import dataclasses
import subprocess
from pathlib import Path

import pytest
from django.conf import LazySettings

from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.constants import SealKind
from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.tests import factories, persons
from zhengtong.capabilities.trust.tests.test_command import run
from zhengtong.capabilities.trust.tests.test_external import put
from zhengtong.capabilities.trust.tests.test_ofd_services import sealed
from zhengtong.capabilities.trust.tests.test_services import ADMIN, ORG, PLATFORM, TENANT
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.signing.keystore import KeyStore
from zhengtong.kernel.signing.provider import key_id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]

UNIT = "青禾县数据局"
_ID = "distid:1234567812345678"
_SECTIONS = """
[ca]
default_ca = db
[db]
database = index.txt
crlnumber = crlnumber
default_crl_days = 3
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
authorityKeyIdentifier = keyid
[stamp]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = critical,timeStamping
authorityKeyIdentifier = keyid
[encryption]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment
"""


@dataclasses.dataclass
class OpenSslAuthority:
    """Root and issuing certificate of one algorithm under a folder of files, as an authority keeps them."""

    folder: Path
    algorithm: str

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "ca.cnf").write_text(_SECTIONS)
        (self.folder / "index.txt").touch()
        (self.folder / "crlnumber").write_text("01\n")
        kind = ["SM2"] if self.algorithm == "SM2" else ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"]
        for name in ("root", "issuing"):
            subject = f"/C=CN/O=Test CA/CN={name} {self.algorithm}"
            self.openssl("genpkey", "-algorithm", *kind, "-out", f"{name}.key")
            self.openssl("req", "-new", "-key", f"{name}.key", *self.signing, "-subj", subject, "-out", f"{name}.csr")
        self.certify("root.csr", "root", ["-signkey", "root.key"])
        self.certify("issuing.csr", "issuing", ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"])

    @property
    def signing(self) -> list[str]:
        return ["-sm3", "-sigopt", _ID] if self.algorithm == "SM2" else ["-sha256"]

    def openssl(self, *words: str) -> None:
        done = subprocess.run(
            ["openssl", *words], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr

    def certify(
        self,
        request: str,
        section: str,
        by: tuple[str, ...] | list[str] = ("-CA", "issuing.pem", "-CAkey", "issuing.key", "-CAcreateserial"),
    ) -> Path:
        """The certificate for a request in the folder, with the extensions of a section."""
        made = self.folder / f"{Path(request).stem}.pem"
        checking = ["-vfyopt", _ID] if self.algorithm == "SM2" else []
        words = ["-extfile", "ca.cnf", "-extensions", section, "-days", "700", "-out", made.name]
        self.openssl("x509", "-req", "-in", request, *by, *self.signing, *checking, *words)
        return made

    def revocation_lists(self) -> list[Path]:
        """The lists of both certificates; nothing was revoked."""
        for name in ("root", "issuing"):
            words = ["-keyfile", f"{name}.key", "-cert", f"{name}.pem", "-out", f"{name}.crl"]
            digest = self.signing[0].removeprefix("-")
            self.openssl("ca", "-config", "ca.cnf", "-gencrl", "-md", digest, *self.signing[1:], *words)
        return [self.folder / "root.crl", self.folder / "issuing.crl"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OpenSslAuthority]:
    folder = tmp_path_factory.mktemp("ca")
    return {name: OpenSslAuthority(folder / name.lower(), name) for name in ("SM2", "RSA-3072")}


@pytest.fixture
def authorities(made: dict[str, OpenSslAuthority], settings: LazySettings) -> dict[str, OpenSslAuthority]:
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"
    return made


def answered(authorities: dict[str, OpenSslAuthority], folder: Path) -> list[str]:
    """What the authority makes of the requests in the folder."""
    found = []
    for number, request in enumerate(sorted(folder.glob("*.csr"))):
        authority = next(one for name, one in authorities.items() if request.stem.endswith(name))
        name = f"{folder.name}-{number}.csr"
        (authority.folder / name).write_bytes(request.read_bytes())
        section = "stamp" if request.name.startswith("timestamp") else "leaf"
        found.append(str(authority.certify(name, section)))
    return found


def chain(authorities: dict[str, OpenSslAuthority]) -> list[str]:
    return [str(one.folder / name) for one in authorities.values() for name in ("root.pem", "issuing.pem")]


def asked(purpose: str, folder: Path, *more: str) -> int:
    return run("request", "--purpose", purpose, "--organisation", UNIT, "--out", str(folder), *more)


def in_use(authorities: dict[str, OpenSslAuthority], folder: Path) -> api.SealInfo:
    """A seal and every duty of the platform certified, by the operator's commands alone."""
    seal = api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)
    assert run("request", "--seal", str(seal.id), "--out", str(folder)) == 0
    for purpose, algorithm in (("timestamp", "SM2"), ("timestamp", "RSA-3072"), ("maker", "SM2"), ("token", "SM2")):
        assert asked(purpose, folder, "--algorithm", algorithm) == 0
    assert run("import", *chain(authorities), *answered(authorities, folder)) == 0
    assert run("import-crl", *(str(path) for one in authorities.values() for path in one.revocation_lists())) == 0
    return seal


def test_everything_the_test_authority_can_a_licensed_one_can_by_file(
    authorities: dict[str, OpenSslAuthority], tmp_path: Path
) -> None:
    seal = in_use(authorities, tmp_path)

    pdf, ofd, key = put(seal), sealed(seal, actor=PLATFORM), api.token_key(tenant=TENANT)

    assert pdf.level == "LTA"
    for found in (api.verify_pdf(pdf.pdf), api.verify_ofd(ofd)):
        assert found.valid, found.message
        assert not found.development
    assert key is not None
    signature = key.sign(b"licence")
    assert api.verify_token(key_id=key.key_id[:16], data=b"licence", signature=signature) is True
    assert set(api.token_keys()) == {key.key_id}
    assert not Certificate.objects.filter(is_development=True).exists()


def test_without_the_certificate_tokens_are_left_out_and_no_key_is_made_for_nothing(
    authorities: dict[str, OpenSslAuthority], cheap_key_store: KeyStore
) -> None:
    before = cheap_key_store.names()

    assert api.token_key(tenant=TENANT) is None
    assert api.renew_timestamp_certificate(actor=ADMIN, algorithm="SM2") is None

    assert cheap_key_store.names() == before


def test_an_ofd_without_the_makers_certificate_is_refused(
    authorities: dict[str, OpenSslAuthority], tmp_path: Path
) -> None:
    seal = in_use(authorities, tmp_path)
    maker = Certificate.objects.get(role="maker")
    services.revoke_certificate(actor=ADMIN, certificate_id=maker.id, reason="superseded")

    with pytest.raises(Conflict, match="制章者证书"):
        sealed(seal, actor=PLATFORM)


def test_a_persons_certificate_comes_the_same_way(authorities: dict[str, OpenSslAuthority], tmp_path: Path) -> None:
    in_use(authorities, tmp_path)
    row = services.apply_for_person_certificate(actor=persons.holder(), data=persons.request("SM2"), reason="登录")
    services.approve_person_certificate(actor=persons.SECOND, application_id=row.id)
    authority = authorities["SM2"]
    (authority.folder / "person.csr").write_text(row.pem)

    answer = authority.certify("person.csr", "leaf").read_bytes()
    made = services.import_person_certificate(actor=persons.SECOND, application_id=row.id, data=answer)

    assert api.check_certificate(made.pem.encode()).person_id == persons.PERSON


@pytest.mark.parametrize("purpose", ["maker", "token", "timestamp"])
def test_a_new_key_replaces_the_old_one_and_destroys_it(
    authorities: dict[str, OpenSslAuthority], tmp_path: Path, purpose: str
) -> None:
    seal = in_use(authorities, tmp_path)
    old = Certificate.objects.get(role=purpose, algorithm="SM2", status="active")
    second = tmp_path / "second"

    assert asked(purpose, second, "--new-key") == 0
    # until the answer is imported the old one goes on
    assert api.verify_ofd(sealed(seal, actor=PLATFORM)).valid
    assert run("import", *answered(authorities, second)) == 0

    new = Certificate.objects.get(role=purpose, algorithm="SM2", status="active")
    assert new.key_name != old.key_name
    old.refresh_from_db()
    assert (old.status, old.key_name) == ("retired", "")
    assert api.verify_ofd(sealed(seal, actor=PLATFORM)).valid


def test_the_same_key_may_be_certified_anew(authorities: dict[str, OpenSslAuthority], tmp_path: Path) -> None:
    in_use(authorities, tmp_path)
    old = api.token_key(tenant=TENANT)
    second = tmp_path / "second"

    assert asked("token", second) == 0
    assert run("import", *answered(authorities, second)) == 0

    new = api.token_key(tenant=TENANT)
    assert old is not None
    assert new is not None
    assert new.key_id == old.key_id
    assert Certificate.objects.filter(role="token", status="active").count() == 1


def test_a_revoked_key_is_never_certified_again(authorities: dict[str, OpenSslAuthority], tmp_path: Path) -> None:
    in_use(authorities, tmp_path)
    old = Certificate.objects.get(role="token", status="active")
    services.revoke_certificate(actor=ADMIN, certificate_id=old.id, reason="key_compromise")
    second = tmp_path / "second"
    authority = authorities["SM2"]
    (authority.folder / "again.csr").write_bytes((tmp_path / "token-SM2.csr").read_bytes())
    again = authority.certify("again.csr", "leaf").read_bytes()

    assert api.token_key(tenant=TENANT) is None
    assert asked("token", second) == 0
    with pytest.raises(Invalid, match="不属于本平台"):
        api.import_certificates(actor=ADMIN, files=[again])
    assert run("import", *answered(authorities, second)) == 0

    key = api.token_key(tenant=TENANT)
    assert key is not None
    assert key.key_id != key_id_of(certificates.facts_of(certificates.parse(old.pem)).public_pem)


@pytest.mark.parametrize(
    ("purpose", "section", "match"),
    [("timestamp", "leaf", "扩展密钥用法"), ("maker", "stamp", "是时间戳证书"), ("maker", "encryption", "加密证书")],
)
def test_a_certificate_made_for_something_else_is_refused(
    authorities: dict[str, OpenSslAuthority], tmp_path: Path, purpose: str, section: str, match: str
) -> None:
    authority = authorities["SM2"]
    assert run("import", *chain(authorities)) == 0
    assert asked(purpose, tmp_path) == 0
    (authority.folder / "wrong.csr").write_bytes((tmp_path / f"{purpose}-SM2.csr").read_bytes())
    answer = authority.certify("wrong.csr", section).read_bytes()

    with pytest.raises(Invalid, match=match):
        api.import_certificates(actor=ADMIN, files=[answer])
    assert not Certificate.objects.filter(role=purpose).exists()


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"duty": "maker", "organisation": UNIT, "algorithm": "RSA-3072"}, "算法"),
        ({"duty": "maker", "organisation": " "}, "持有单位"),
        ({"duty": "root", "organisation": UNIT}, "没有这种用途"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(words: dict[str, str], match: str) -> None:
    with pytest.raises(Invalid, match=match):
        api.request_duty_certificate(actor=ADMIN, **words)


def test_a_seal_that_somebody_stopped_stays_stopped_when_certificates_come(
    authorities: dict[str, OpenSslAuthority], tmp_path: Path
) -> None:
    seal = in_use(authorities, tmp_path)
    api.suspend_seal(actor=ADMIN, seal_id=seal.id, reason="核查用印情况")
    second = tmp_path / "second"
    assert run("request", "--seal", str(seal.id), "--out", str(second)) == 0

    assert run("import", *answered(authorities, second)) == 0

    assert api.get_seal(tenant=TENANT, seal_id=seal.id).status == "suspended"
