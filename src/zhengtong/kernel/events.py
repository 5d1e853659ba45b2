"""Events: what happened, told to other apps after the transaction that did it."""

import dataclasses
import datetime as dt
import types
import typing
import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Self

from zhengtong.kernel.actors import ObjectRef

_classes: dict[str, type["Event"]] = {}
_Readers = tuple[tuple[str, Callable[[Any], Any]], ...]
_fields: dict[type["Event"], dict[str, Any]] = {}
_readers: dict[type["Event"], _Readers] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all event classes in ``zhengtong.contracts``.

    ``NAME`` carries the sender and a version (``cases.case_accepted.v1``). Fields are plain values
    (str, int, bool, UUID, date, datetime, ObjectRef, tuples and dicts of these); personal data do not
    belong into an event.
    """

    NAME: ClassVar[str]
    tenant: str
    object_ref: ObjectRef
    at: dt.datetime
    event_id: uuid.UUID | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        name = cls.__dict__.get("NAME")
        if name is not None:
            _classes.setdefault(name, cls)

    def data(self) -> dict[str, Any]:
        """The event's own fields as JSON values."""
        return {name: _to_json(getattr(self, name)) for name in _own_fields(type(self))}

    @classmethod
    def restore(
        cls, *, tenant: str, object_ref: ObjectRef, at: dt.datetime, event_id: uuid.UUID, data: dict[str, Any]
    ) -> Self:
        """The event again from its stored fields; fields of later versions are ignored, absent ones take defaults."""
        values = {
            name: None if data[name] is None else read(data[name]) for name, read in _read_by(cls) if name in data
        }
        return cls(tenant=tenant, object_ref=object_ref, at=at, event_id=event_id, **values)


def _own_fields(cls: type[Event]) -> dict[str, Any]:
    """Names and types of the fields an event class adds to the base; worked out once per class."""
    found = _fields.get(cls)
    if found is None:
        base = {field.name for field in dataclasses.fields(Event)}
        hints = typing.get_type_hints(cls)
        own = {field.name: hints[field.name] for field in dataclasses.fields(cls) if field.name not in base}
        found = _fields.setdefault(cls, own)
    return found


def event_class(name: str) -> type[Event]:
    """The class of an event name; raises LookupError for one that nobody declares."""
    try:
        return _classes[name]
    except KeyError:
        raise LookupError(f"no event class is called {name}") from None


def event_names() -> list[str]:
    """All declared event names, sorted."""
    return sorted(_classes)


def _to_json(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, ObjectRef):
        return {"kind": value.kind, "id": value.id}
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _to_json(item) for key, item in value.items()}
    return value


def _read_by(cls: type[Event]) -> _Readers:
    """The own fields of an event class, each with what makes its value of JSON; worked out once per class."""
    found = _readers.get(cls)
    if found is None:
        found = _readers.setdefault(cls, tuple((name, _reader(hint)) for name, hint in _own_fields(cls).items()))
    return found


def _reader(hint: Any) -> Callable[[Any], Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _reader(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        read = _reader(arguments[0])
        return lambda value: tuple(None if item is None else read(item) for item in value)
    if hint is ObjectRef:
        return lambda value: ObjectRef(**value)
    if hint in (dt.datetime, dt.date):
        return hint.fromisoformat  # type: ignore[no-any-return]  # a class method of either
    return uuid.UUID if hint is uuid.UUID else lambda value: value
