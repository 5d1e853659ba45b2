"""The refusal of a start: one clear sentence for the operator, no traceback."""

from zhengtong.kernel.errors import DomainError


class StartProblem(DomainError):
    """The platform cannot start or stop here; ``message`` says what, why and what to do."""
