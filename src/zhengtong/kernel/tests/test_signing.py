"""Signatures of the kernel against OpenSSL's command, GmSSL, and the standard's own example."""

import base64
import datetime as dt
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gmssl_pyx
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.kernel.signing import libcrypto, pkcs8, provider, sm2, software
from zhengtong.kernel.signing.errors import KeyUnusable, SigningUnavailable
from zhengtong.kernel.signing.keystore import KeyStore

FEW_ROUNDS = 1000
AT = dt.datetime(2026, 11, 20, 1, 2, 3, tzinfo=dt.UTC)
# SubjectPublicKeyInfo of an SM2 point: everything before the 65 bytes of the point.
SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


@pytest.fixture(scope="module", params=provider.ALGORITHMS)
def key(request: pytest.FixtureRequest) -> software.SoftwareKey:
    return software.generate(request.param)


@pytest.fixture(scope="module")
def sm2_key() -> software.SoftwareKey:
    return software.generate("SM2")


def pem_of_point(point: bytes) -> str:
    body = base64.b64encode(SPKI_HEAD + point).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{body[:64]}\n{body[64:]}\n-----END PUBLIC KEY-----\n"


def point_of_pem(pem: str) -> bytes:
    return base64.b64decode("".join(line for line in pem.splitlines() if "-----" not in line))[-64:]


def openssl(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_example_of_gbt_32918_5_is_accepted() -> None:
    # GB/T 32918.5-2017 annex A.2: recommended curve, user ID 1234567812345678, M = "message digest".
    public = pem_of_point(
        bytes.fromhex(
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        )
    )
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA

    assert provider.verify("SM2", public, b"message digest", encode_dss_signature(r, s))
    assert not provider.verify("SM2", public, b"message digest.", encode_dss_signature(r, s))
    assert not provider.verify("SM2", public, b"message digest", encode_dss_signature(r, s + 1))


@given(message=st.binary(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_a_signature_holds_for_its_message(sm2_key: software.SoftwareKey, message: bytes) -> None:
    signature = sm2_key.sign(message)

    assert provider.verify("SM2", sm2_key.public_key_pem(), message, signature)
    assert len(signature) <= sm2.MAX_SIGNATURE


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_one_changed_bit_is_refused(sm2_key: software.SoftwareKey, data: st.DataObject) -> None:
    message = bytearray(data.draw(st.binary(min_size=1, max_size=300)))
    signature = bytearray(sm2_key.sign(bytes(message)))
    target = data.draw(st.sampled_from([message, signature]))
    # Signatures vary in length, so the position is drawn from a fixed range.
    position = data.draw(st.integers(0, 9999)) % len(target)

    target[position] ^= 1 << data.draw(st.integers(0, 7))

    assert not provider.verify("SM2", sm2_key.public_key_pem(), bytes(message), bytes(signature))


@given(junk=st.binary(max_size=120))
@settings(max_examples=60, deadline=None)
def test_junk_is_no_signature_and_leaves_no_error_behind(sm2_key: software.SoftwareKey, junk: bytes) -> None:
    assert not provider.verify("SM2", sm2_key.public_key_pem(), b"message", junk)
    assert libcrypto.library().ERR_peek_last_error() == 0


def test_all_algorithms_sign_and_refuse(key: software.SoftwareKey) -> None:
    signature = key.sign("准予许可".encode())

    assert provider.verify(key.algorithm, key.public_key_pem(), "准予许可".encode(), signature)
    assert not provider.verify(key.algorithm, key.public_key_pem(), "不予许可".encode(), signature)
    other = software.generate("SM2" if key.algorithm != "SM2" else "ECDSA-P256")
    with pytest.raises(KeyUnusable):
        provider.verify(key.algorithm, other.public_key_pem(), b"", signature)


def test_another_user_id_gives_another_signature() -> None:
    pair = sm2.generate()

    signature = sm2.sign(pair, b"message", user_id=b"ALICE123@YAHOO.COM")

    assert sm2.verify(pair, b"message", signature, user_id=b"ALICE123@YAHOO.COM")
    assert not sm2.verify(pair, b"message", signature)


def test_openssl_accepts_ours_and_refuses_a_changed_message(sm2_key: software.SoftwareKey, tmp_path: Path) -> None:
    (tmp_path / "public.pem").write_text(sm2_key.public_key_pem())
    (tmp_path / "message").write_bytes(b"sealed licence")
    (tmp_path / "changed").write_bytes(b"sealed licencE")
    (tmp_path / "signature").write_bytes(sm2_key.sign(b"sealed licence"))
    check = ["dgst", "-sm3", "-verify", "public.pem", "-signature", "signature", "-sigopt", "distid:1234567812345678"]

    assert openssl(*check, "message", cwd=tmp_path).stdout.strip() == "Verified OK"
    assert openssl(*check, "changed", cwd=tmp_path).returncode != 0


def test_we_accept_what_openssl_signs(tmp_path: Path) -> None:
    openssl("genpkey", "-algorithm", "SM2", "-out", "key.pem", cwd=tmp_path)
    public = openssl("pkey", "-in", "key.pem", "-pubout", cwd=tmp_path).stdout
    (tmp_path / "message").write_bytes(b"from openssl")
    sign = ["dgst", "-sm3", "-sign", "key.pem", "-sigopt", "distid:1234567812345678", "-out", "signature", "message"]
    assert openssl(*sign, cwd=tmp_path).returncode == 0
    signature = (tmp_path / "signature").read_bytes()

    assert provider.verify("SM2", public, b"from openssl", signature)
    assert not provider.verify("SM2", public, b"from Openssl", signature)


@pytest.mark.parametrize("algorithm", provider.ALGORITHMS)
def test_openssl_opens_the_encrypted_key_with_its_passphrase_only(algorithm: str, tmp_path: Path) -> None:
    pair = software.generate(algorithm)
    (tmp_path / "key.pem").write_bytes(pair.encrypted_pem("demo-口令", rounds=FEW_ROUNDS))

    opened = openssl("pkey", "-in", "key.pem", "-passin", "pass:demo-口令", "-pubout", cwd=tmp_path)

    assert opened.stdout.split() == pair.public_key_pem().split()
    assert openssl("pkey", "-in", "key.pem", "-passin", "pass:wrong", "-pubout", cwd=tmp_path).returncode != 0


def test_gmssl_and_ours_accept_each_other(sm2_key: software.SoftwareKey) -> None:
    message = "青禾县".encode()
    public, secret = gmssl_pyx.sm2_key_generate()

    signature = gmssl_pyx.sm2_sign(secret, public, message)

    assert gmssl_pyx.sm2_verify(point_of_pem(sm2_key.public_key_pem()), message, sm2_key.sign(message))
    assert provider.verify("SM2", pem_of_point(b"\x04" + public), message, signature)


def test_many_threads_share_one_key(sm2_key: software.SoftwareKey) -> None:
    def work(number: int) -> bool:
        message = f"case {number}".encode()
        signature = sm2_key.sign(message)
        good = provider.verify("SM2", sm2_key.public_key_pem(), message, signature)
        return good and not provider.verify("SM2", sm2_key.public_key_pem(), message + b".", signature)

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(work, range(400)))

    assert results == [True] * 400


def test_a_key_comes_back_from_its_encrypted_form(key: software.SoftwareKey) -> None:
    pem = key.encrypted_pem("demo", rounds=FEW_ROUNDS)

    again = software.load(key.algorithm, pem, "demo")

    assert again.key_id == key.key_id
    assert provider.verify(key.algorithm, key.public_key_pem(), b"x", again.sign(b"x"))
    for wrong in ("Demo", ""):
        with pytest.raises(KeyUnusable, match="口令"):
            software.load(key.algorithm, pem, wrong)
    with pytest.raises(KeyUnusable):
        key.encrypted_pem("", rounds=FEW_ROUNDS)


def test_a_key_of_another_algorithm_is_refused() -> None:
    pem = software.generate("ECDSA-P256").encrypted_pem("demo", rounds=FEW_ROUNDS)

    for algorithm in ("SM2", "RSA-3072"):
        with pytest.raises(KeyUnusable):
            software.load(algorithm, pem, "demo")
    with pytest.raises(KeyUnusable, match="RSA-1024"):
        software.generate("RSA-1024")


def test_store_keeps_keys_private_and_finds_them_again(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys", "demo", rounds=FEW_ROUNDS)

    made = store.load_or_generate("seal-1", "SM2", at=AT)

    again = KeyStore(tmp_path / "keys", "demo", rounds=FEW_ROUNDS)
    assert again.load_or_generate("seal-1", "SM2", at=AT + dt.timedelta(days=1)).key_id == made.key_id
    assert again.names() == ["seal-1"]
    entry = again.entry("seal-1")
    assert (entry.algorithm, entry.key_id, entry.created_at) == ("SM2", made.key_id, AT)
    assert entry.public_pem == made.public_key_pem()
    files = list((tmp_path / "keys").iterdir())
    assert [(f.name, f.stat().st_mode & 0o777) for f in files] == [("seal-1.key", 0o600)]
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("algorithm", provider.ALGORITHMS)
def test_a_private_half_exchanged_in_its_file_is_refused(tmp_path: Path, algorithm: str) -> None:
    store = KeyStore(tmp_path, "Mi-ma_2026", rounds=1000)
    for name in ("true", "false"):
        store.load_or_generate(name, algorithm, at=AT)
    marker = "-----BEGIN ENCRYPTED"
    true, false = ((tmp_path / f"{name}.key").read_text(encoding="ascii") for name in ("true", "false"))

    (tmp_path / "true.key").write_text(
        true.partition(marker)[0] + marker + false.partition(marker)[2], encoding="ascii"
    )

    with pytest.raises(KeyUnusable, match="不是一对"):
        KeyStore(tmp_path, "Mi-ma_2026").load("true")


def test_store_refuses_in_chinese(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, "demo", rounds=FEW_ROUNDS)
    store.load_or_generate("seal-1", "SM2", at=AT)

    with pytest.raises(KeyUnusable, match="没有名为“seal-2”"):
        store.load("seal-2")
    with pytest.raises(KeyUnusable, match="名称"):
        store.load("../seal-1")
    with pytest.raises(KeyUnusable, match="算法是 SM2"):
        store.load_or_generate("seal-1", "RSA-3072", at=AT)
    with pytest.raises(KeyUnusable, match="口令不正确"):
        KeyStore(tmp_path, "other").load("seal-1")
    (tmp_path / "seal-1.key").chmod(0o644)
    with pytest.raises(KeyUnusable, match="权限过宽"):
        KeyStore(tmp_path, "demo").load("seal-1")
    (tmp_path / "seal-1.key").write_text("algorithm: SM2\n")
    with pytest.raises(KeyUnusable, match="已损坏"):
        KeyStore(tmp_path, "demo").entry("seal-1")


def test_two_processes_that_create_one_name_get_one_key(tmp_path: Path) -> None:
    def create(_: int) -> str:
        return KeyStore(tmp_path, "demo", rounds=FEW_ROUNDS).load_or_generate("root", "SM2", at=AT).key_id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(create, range(16)))

    assert len(ids) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["root.key"]


def test_a_machine_without_sm2_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_USUAL_NAMES", ("libnothing.so.0",))
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    libcrypto.library.cache_clear()
    try:
        with pytest.raises(SigningUnavailable, match="OpenSSL 3"):
            libcrypto.library()
    finally:
        monkeypatch.undo()
        libcrypto.library.cache_clear()
    assert libcrypto.library()


def test_default_rounds_are_not_openssls() -> None:
    assert pkcs8.PBKDF2_ROUNDS >= 600_000


def test_a_key_may_be_replaced_and_destroyed(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, "right", rounds=FEW_ROUNDS)
    old = store.load_or_generate("checkpoint", "ECDSA-P256", at=AT)

    new = store.rotate("checkpoint", at=AT)

    assert new.key_id != old.key_id
    assert KeyStore(tmp_path, "right", rounds=FEW_ROUNDS).load("checkpoint").key_id == new.key_id
    store.destroy("checkpoint")
    store.destroy("checkpoint")
    with pytest.raises(KeyUnusable, match="没有名为"):
        store.load("checkpoint")
    assert list(tmp_path.iterdir()) == []


def test_keys_of_two_passphrases_open_while_one_is_being_changed(tmp_path: Path) -> None:
    before = KeyStore(tmp_path, "old", rounds=FEW_ROUNDS)
    names = {name: before.load_or_generate(name, "SM2", at=AT).key_id for name in ("a", "b")}
    between = KeyStore(tmp_path, "new\nold", rounds=FEW_ROUNDS)
    assert {name: between.load(name).key_id for name in names} == names

    assert between.change_passphrase() == 2
    assert between.change_passphrase() == 0

    after = KeyStore(tmp_path, "new", rounds=FEW_ROUNDS)
    assert {name: after.load(name).key_id for name in names} == names
    with pytest.raises(KeyUnusable, match="口令不正确"):
        KeyStore(tmp_path, "old", rounds=FEW_ROUNDS).load("a")
