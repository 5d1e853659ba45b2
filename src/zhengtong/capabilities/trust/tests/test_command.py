"""``zhengtong trust`` from the outside: files of a licensed authority, keys, passphrase, field key."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import record_many
from zhengtong.capabilities.trust import api
from zhengtong.capabilities.trust.constants import SealKind
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.services import keys
from zhengtong.capabilities.trust.tests import factories
from zhengtong.capabilities.trust.tests.test_external import LicensedAuthority
from zhengtong.capabilities.trust.tests.test_services import ORG, PLATFORM, TENANT
from zhengtong.entry.commands import trust
from zhengtong.entry.main import build_parser
from zhengtong.kernel import fields
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing import pkcs8
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.keystore import KeyStore

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    return trust.handle(build_parser({"trust": trust}).parse_args(["trust", *words]))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Path:
    """A state folder whose secrets are those of this process, with quick keys."""
    monkeypatch.setenv("ZHENGTONG_VAR", str(tmp_path))
    settings.ZHENGTONG_VAR = str(tmp_path)
    monkeypatch.setattr(
        keys, "_key_store", lambda var, passphrase: KeyStore(Path(var) / "keys", passphrase, rounds=1000)
    )
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name, variable in (
        ("keystore_passphrase", "ZHENGTONG_KEYSTORE_PASSPHRASE"),
        ("field_key", "ZHENGTONG_FIELD_KEY"),
    ):
        (folder / name).write_text(getattr(settings, variable) + "\n")
        monkeypatch.setenv(variable, getattr(settings, variable))
    return tmp_path


@pytest.mark.usefixtures("cheap_key_store")
def test_the_way_of_a_licensed_certificate(
    settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"
    authority = LicensedAuthority()
    seal = api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)
    assert run("request", "--seal", str(seal.id), "--out", str(tmp_path)) == 0
    assert run("request", "--organisation", "青禾县数据局", "--out", str(tmp_path)) == 0
    requests = sorted(tmp_path.glob("*.csr"))
    assert len(requests) == 3

    for number, request in enumerate(requests):
        role = "timestamp" if request.name.startswith("timestamp") else "signer"
        (tmp_path / f"{number}.pem").write_bytes(authority.certify(request.read_bytes(), seal.name, role))
    (tmp_path / "chain.pem").write_bytes(b"\n".join(authority.chain()))
    for number, data in enumerate(authority.lists()):
        (tmp_path / f"{number}.crl").write_bytes(data)

    assert run("import", *(str(path) for path in sorted(tmp_path.glob("*.pem")))) == 0
    assert run("import-crl", *(str(path) for path in sorted(tmp_path.glob("*.crl")))) == 0
    assert run("status") == 0
    said = capsys.readouterr().out
    assert "共导入 3 张" in said
    assert "青禾县市场监督管理局公章" in said
    assert api.get_seal(tenant=TENANT, seal_id=seal.id).status == "active"


@pytest.mark.usefixtures("cheap_key_store")
def test_keys_are_changed_by_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    seal = api.ensure_seal(actor=PLATFORM, org_id=ORG, org_name=factories.ORG, kind=SealKind.OFFICIAL)
    api.renew_timestamp_certificate(actor=PLATFORM, algorithm="SM2")
    before = set(Certificate.objects.filter(status="active").values_list("serial", flat=True))

    assert run("rotate-key", "seal", "--seal", str(seal.id)) == 0
    assert run("rotate-key", "timestamp") == 0
    assert run("rotate-key", "issuing") == 0
    assert run("crl") == 0

    kept = set(Certificate.objects.filter(status="active").values_list("serial", flat=True)) & before
    # the two roots and the issuing certificate of the algorithm that was not changed
    assert sorted(Certificate.objects.filter(serial__in=kept).values_list("role", flat=True)) == [
        "issuing",
        "root",
        "root",
    ]
    assert run("rotate-key") == 2
    assert run("rotate-key", "seal") == 2
    assert run("import") == 2
    assert run("request") == 2
    assert "印章已换用新密钥" in capsys.readouterr().out


def test_old_checkpoints_hold_after_a_change_of_their_key(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengtong.capabilities.ledger.services import signer

    monkeypatch.setattr(signer, "_store", lambda var, passphrase: keys.software_key_store())
    record_many(3)
    seal_batch()
    first = ledger.newest_checkpoint()

    assert run("rotate-key", "checkpoint") == 0
    record_many(3)
    seal_batch()

    second = ledger.newest_checkpoint()
    assert first is not None
    assert second is not None
    assert first.key_id != second.key_id
    assert ledger.verify(kept=[first]).ok


def test_the_passphrase_is_changed_for_every_key(state: Path, settings: LazySettings) -> None:
    old = settings.ZHENGTONG_KEYSTORE_PASSPHRASE
    store = keys.software_key_store()
    made = {f"key-{n}": store.load_or_generate(f"key-{n}", "SM2", at=factories.AT).key_id for n in range(3)}

    assert run("rotate-passphrase") == 0

    new = (state / "secrets" / "keystore_passphrase").read_text().strip()
    assert new != old
    assert "\n" not in new
    opened = KeyStore(state / "keys", new, rounds=1000)
    assert {name: opened.load(name).key_id for name in made} == made
    with pytest.raises(KeyUnusable):
        KeyStore(state / "keys", old, rounds=1000).load("key-0")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_entry where act = 'trust.keys_changed'")
        assert cursor.fetchone()[0] == 1


def test_an_interrupted_change_of_the_passphrase_is_finished(
    state: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = keys.software_key_store()
    for number in range(3):
        store.load_or_generate(f"key-{number}", "SM2", at=factories.AT)
    real, calls = pkcs8.encrypt_pointer, []

    def power_cut(*words: Any, **more: Any) -> bytes:
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(pkcs8, "encrypt_pointer", power_cut)
        with pytest.raises(KeyboardInterrupt):
            run("rotate-passphrase")
    half = (state / "secrets" / "keystore_passphrase").read_text().strip()
    assert half.count("\n") == 1
    settings.ZHENGTONG_KEYSTORE_PASSPHRASE = half
    monkeypatch.setenv("ZHENGTONG_KEYSTORE_PASSPHRASE", half)
    # the platform goes on between the two attempts
    assert [keys.software_key_store().load(f"key-{n}").algorithm for n in range(3)] == ["SM2"] * 3

    assert run("rotate-passphrase") == 0

    new = (state / "secrets" / "keystore_passphrase").read_text().strip()
    assert new == half.split("\n")[0]
    assert [KeyStore(state / "keys", new).load(f"key-{n}").algorithm for n in range(3)] == ["SM2"] * 3


def test_secrets_kept_elsewhere_or_in_use_are_left_alone(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHENGTONG_KEYSTORE_PASSPHRASE", "from the vault")
    assert run("rotate-passphrase") == 1
    assert "环境变量" in capsys.readouterr().err

    (state / "address.json").write_text('{"process": 1, "address": "http://127.0.0.1:1"}')

    assert run("rotate-field-key") == 1
    assert "正在运行" in capsys.readouterr().err


def test_the_field_key_is_changed_with_every_index_and_second_factor(state: Path, settings: LazySettings) -> None:
    from allauth.mfa.models import Authenticator

    old = settings.ZHENGTONG_FIELD_KEY
    citizen = people.citizen("张一", phone="13800000001")
    account = people.account_of(citizen)
    Authenticator.objects.create(
        user=account, type="totp", data={"secret": fields.encrypt("JBSWY3DP"), "codes": [fields.encrypt("a")]}
    )
    legacy = fields.encrypt("13800000002").replace(fields.prefix_of(old), "k1:")
    person = Person.objects.get(id=citizen.person_id)
    with connection.cursor() as cursor:
        cursor.execute("update identity_person set phone = %s where id = %s", [legacy, person.id])

    assert run("rotate-field-key") == 0

    new = (state / "secrets" / "field_key").read_text().strip()
    assert new != old
    settings.ZHENGTONG_FIELD_KEY = new  # the old key is gone
    person.refresh_from_db()
    assert person.phone == "13800000002"
    assert person.phone_index == fields.blind_index("13800000002")
    assert Person.objects.get(citizen_number_index=fields.blind_index(person.citizen_number)) == person
    data = Authenticator.objects.get(user=account).data
    assert fields.decrypt(data["secret"]) == "JBSWY3DP"
    assert fields.decrypt(data["codes"][0]) == "a"


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    for action in ("import", "import-crl"):
        with pytest.raises(Invalid, match="不能读取文件"):
            run(action, str(tmp_path / "nothing.pem"))


def test_a_request_that_cannot_be_written_gets_a_sentence(
    state: Path, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_CERTIFICATE_AUTHORITY = False, "file"
    (state / "taken").write_text("")

    assert run("request", "--organisation", "青禾县人民政府", "--out", str(state / "taken" / "below")) == 2
    assert "证书申请没有存成" in capsys.readouterr().err
