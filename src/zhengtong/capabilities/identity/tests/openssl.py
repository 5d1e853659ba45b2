"""Keys, certificates and signatures made by an independent program (OpenSSL), for tests of sign-in by certificate."""

import subprocess
from pathlib import Path

import pytest

KEYS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
    "ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "sm2": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"],
}
_SM2 = ["-sm3", "-sigopt", "distid:1234567812345678"]  # the default identity of GM/T 0009
_made: dict[str, tuple[Path, Path]] = {}


def pair_of(kind: str, folders: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(certificate, key) of a kind, made once a run."""
    if kind not in _made:
        folder = folders.mktemp(kind)
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(["openssl", "genpkey", *KEYS[kind], "-out", str(key)], check=True, capture_output=True)
        subject = ["-subj", "/C=CN/O=Qinghe/CN=Li Er", "-days", "30", *(_SM2 if kind == "sm2" else ())]
        command = ["openssl", "req", "-x509", "-new", "-key", str(key), *subject, "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
        _made[kind] = certificate, key
    return _made[kind]


def signed(kind: str, key: Path, challenge: str) -> str:
    """The bare signature of a text, base64."""
    paper = key.with_name("challenge.txt")
    paper.write_text(challenge, encoding="utf-8")
    digest = _SM2 if kind == "sm2" else ["-sha256"]
    command = ["openssl", "dgst", *digest, "-sign", str(key), str(paper)]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    text = subprocess.run(["openssl", "base64"], input=raw, check=True, capture_output=True).stdout
    return text.decode("ascii")


def cms_signed(certificate: Path, key: Path, text: str, *options: str, form: str = "PEM") -> bytes:
    """A message of signed data (``openssl cms``), the text apart unless ``-nodetach`` is among the options."""
    paper = key.with_name("cms.txt")
    paper.write_text(text, encoding="utf-8")
    command = ["openssl", "cms", "-sign", "-binary", "-in", str(paper), "-signer", str(certificate)]
    command += ["-inkey", str(key), "-outform", form, *options]
    return subprocess.run(command, check=True, capture_output=True).stdout
