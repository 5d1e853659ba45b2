"""Errors a person may meet: each carries one clear sentence."""


class DomainError(Exception):
    """Something the person asked for cannot be done; ``message`` says what, why and what to do."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotPermitted(DomainError):
    """The actor may not do or see this."""


class NotFound(DomainError):
    """No such object in the actor's scope."""


class Conflict(DomainError):
    """Somebody else was faster, or the object is no longer in a state that allows this."""


class NoRoom(Conflict):
    """The disk is full: what was brought could not be kept, and may be brought again later."""


class Invalid(DomainError):
    """What was typed or uploaded cannot be accepted; ``errors`` names each field with its sentence."""

    def __init__(self, message: str, *, errors: dict[str, str] | None = None, field: str = "") -> None:
        super().__init__(message, field=field)
        self.errors = errors or ({field: message} if field else {})
