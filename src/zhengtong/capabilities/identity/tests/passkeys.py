"""A passkey in software for tests: makes the answers a browser would give (W3C WebAuthn Level 2, ES256)."""

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

_PRESENT_AND_VERIFIED = 0x05
_ATTESTED = 0x40


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class SoftPasskey:
    """One key for one site."""

    def __init__(self, site: str = "testserver") -> None:
        self.site = site
        self.id = secrets.token_bytes(16)
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.count = 0

    def create(self, options: dict[str, Any]) -> str:
        """The answer to ``navigator.credentials.create``."""
        public = ES256.from_cryptography_key(self.secret.public_key())
        attested = AttestedCredentialData.create(bytes(16), self.id, public)
        flags = _PRESENT_AND_VERIFIED | _ATTESTED
        data = AuthenticatorData.create(self._site_hash(), flags, self.count, bytes(attested))
        attestation = cbor.encode({"fmt": "none", "authData": bytes(data), "attStmt": {}})
        return self._answer(
            {
                "clientDataJSON": _text(self._client(options, "webauthn.create")),
                "attestationObject": _text(attestation),
            }
        )

    def get(self, options: dict[str, Any], *, origin: str = "") -> str:
        """The answer to ``navigator.credentials.get``."""
        self.count += 1
        data = bytes(AuthenticatorData.create(self._site_hash(), _PRESENT_AND_VERIFIED, self.count))
        client = self._client(options, "webauthn.get", origin)
        signature = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": None,
            }
        )

    def _client(self, options: dict[str, Any], kind: str, origin: str = "") -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or f"http://{self.site}"}).encode()

    def _site_hash(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest()

    def _answer(self, response: dict[str, Any]) -> str:
        name = _text(self.id)
        found = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(found)
