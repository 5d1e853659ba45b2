"""Refusals of the signing door; plain Python, so the sentences are Chinese literals without gettext."""

from zhengtong.kernel.errors import DomainError


class SigningUnavailable(DomainError):
    """The machine lacks what the algorithm needs (no libcrypto with SM2)."""


class KeyUnusable(DomainError):
    """The key cannot be used: wrong passphrase, unreadable file, another algorithm, missing."""


class SigningFailed(DomainError):
    """The library refused an operation that should have worked; ``detail`` is its own (English) reason."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail
