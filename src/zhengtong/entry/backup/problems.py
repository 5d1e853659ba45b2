"""The refusal of a back-up or a restoration: one clear sentence for the operator."""

from zhengtong.kernel.errors import DomainError


class BackupProblem(DomainError):
    """It cannot be done, or what was found is not sound; ``message`` says what, why and what to do."""
