"""Packets of CMPP 2.0 and 3.0 (中国移动通信互联网短信网关接口协议): to bytes and back, nothing else.

``version`` is the byte of the login: 0x20 and 0x21 are 2.0, 0x30 is 3.0. Whatever bytes come in, the only error
is ``BadPacket``.
"""

import dataclasses
import hashlib
import struct
from collections.abc import Iterator
from typing import ClassVar

V20 = 0x20
V30 = 0x30
_HEADER = struct.Struct(">III")
_RESPONSE = 0x8000_0000
#: a SUBMIT to a hundred numbers has 3 400 bytes; longer ones are no CMPP
_LONGEST = 4096
_TEXT_BYTES = 140


class BadPacket(Exception):
    """The bytes are no packet of CMPP, or a value does not fit into its field."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Connect:
    """Login; ``stamp`` is MMDDhhmmss as a number."""

    COMMAND: ClassVar[int] = 1
    source: str
    authenticator: bytes
    version: int
    stamp: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConnectResp:
    """Answer to a login; status 0 admits."""

    COMMAND: ClassVar[int] = _RESPONSE | 1
    status: int
    authenticator: bytes
    version: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Terminate:
    """Wish to end the connection."""

    COMMAND: ClassVar[int] = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class TerminateResp:
    """Answer to that wish."""

    COMMAND: ClassVar[int] = _RESPONSE | 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Submit:
    """One part of a short message for one or more numbers.

    ``charset`` 8 is UCS-2, 15 GBK, 0 ASCII; ``header`` says that ``content`` begins with a user data header;
    ``source`` is the account, ``sender`` the access number that telephones show. Fees go to the account (type 2).
    """

    COMMAND: ClassVar[int] = 4
    source: str
    sender: str
    numbers: tuple[str, ...]
    content: bytes
    service: str = ""
    total: int = 1
    number: int = 1
    report: bool = True
    header: bool = False
    charset: int = 8
    level: int = 1
    fee_type: str = "01"
    fee_code: str = "0"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SubmitResp:
    """Answer to a submit; result 0 gives the message an id, which the status report names."""

    COMMAND: ClassVar[int] = _RESPONSE | 4
    message_id: int
    result: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Deliver:
    """Something for us: a status report (``report``) or what a citizen wrote back."""

    COMMAND: ClassVar[int] = 5
    message_id: int
    destination: str
    number: str
    content: bytes
    service: str = ""
    report: bool = False
    header: bool = False
    charset: int = 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeliverResp:
    """Our receipt for a deliver; without it the gateway sends it again."""

    COMMAND: ClassVar[int] = _RESPONSE | 5
    message_id: int
    result: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActiveTest:
    """Is somebody there?"""

    COMMAND: ClassVar[int] = 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActiveTestResp:
    """Yes."""

    COMMAND: ClassVar[int] = _RESPONSE | 8


Packet = (
    Connect
    | ConnectResp
    | Terminate
    | TerminateResp
    | Submit
    | SubmitResp
    | Deliver
    | DeliverResp
    | ActiveTest
    | ActiveTestResp
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """The content of a status report; ``state`` is DELIVRD, UNDELIV, EXPIRED and others of seven letters."""

    message_id: int
    state: str
    submitted: str
    done: str
    number: str
    smsc: int = 0


def authenticator(source: str, secret: str, stamp: int) -> bytes:
    """The sixteen bytes that prove the secret at a login."""
    return _md5(source.encode() + bytes(9) + secret.encode() + b"%010d" % stamp)


def gateway_authenticator(status: int, source_authenticator: bytes, secret: str, version: int) -> bytes:
    """The sixteen bytes with which the gateway proves that it knows the secret, too."""
    return _md5(status.to_bytes(_result_size(version)) + source_authenticator + secret.encode())


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()  # the protocol prescribes it


def frame(packet: Packet, sequence: int, version: int) -> bytes:
    """The bytes of a packet; raises BadPacket when a value does not fit."""
    body = _Writer()
    match packet:
        case Connect():
            body.text(packet.source, 6).raw(packet.authenticator, 16).number(packet.version, 1).number(packet.stamp, 4)
        case ConnectResp():
            body.number(packet.status, _result_size(version)).raw(packet.authenticator, 16).number(packet.version, 1)
        case Submit():
            _write_submit(body, packet, version)
        case Deliver():
            _write_deliver(body, packet, version)
        case SubmitResp() | DeliverResp():
            body.number(packet.message_id, 8).number(packet.result, _result_size(version))
        case ActiveTestResp():
            body.number(0, 1)
        case Terminate() | TerminateResp() | ActiveTest():
            pass
    return _HEADER.pack(_HEADER.size + len(body.data), packet.COMMAND, sequence) + bytes(body.data)


def read(data: bytes, version: int) -> tuple[int, Packet | None]:
    """Sequence number and packet of one whole frame; None for a command we do not use; raises BadPacket."""
    if len(data) < _HEADER.size:
        raise BadPacket("shorter than a header")
    length, command, sequence = _HEADER.unpack_from(data)
    if length != len(data):
        raise BadPacket("wrong length")
    body = _Reader(data[_HEADER.size :])
    empty: dict[int, Packet] = {
        Terminate.COMMAND: Terminate(),
        TerminateResp.COMMAND: TerminateResp(),
        ActiveTest.COMMAND: ActiveTest(),
        ActiveTestResp.COMMAND: ActiveTestResp(),
    }
    if command in empty:
        return sequence, empty[command]
    return sequence, _body(command, body, version)


def _body(command: int, body: "_Reader", version: int) -> Packet | None:
    if command == Connect.COMMAND:
        return Connect(source=body.text(6), authenticator=body.raw(16), version=body.number(1), stamp=body.number(4))
    if command == ConnectResp.COMMAND:
        status = body.number(_result_size(version))
        return ConnectResp(status=status, authenticator=body.raw(16), version=body.number(1))
    if command == Submit.COMMAND:
        return _read_submit(body, version)
    if command == Deliver.COMMAND:
        return _read_deliver(body, version)
    if command == SubmitResp.COMMAND:
        return SubmitResp(message_id=body.number(8), result=body.number(_result_size(version)))
    if command == DeliverResp.COMMAND:
        return DeliverResp(message_id=body.number(8), result=body.number(_result_size(version)))
    return None


class Framer:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Whole frames as far as there are; raises BadPacket for a length no packet has."""
        self._buffer += data
        while len(self._buffer) >= _HEADER.size:
            length = int.from_bytes(self._buffer[:4])
            if not _HEADER.size <= length <= _LONGEST:
                raise BadPacket(f"a length of {length}")
            if len(self._buffer) < length:
                return
            found = bytes(self._buffer[:length])
            del self._buffer[:length]
            yield found


def report_content(report: Report, version: int) -> bytes:
    """The content of the deliver that carries a status report."""
    body = _Writer()
    body.number(report.message_id, 8).text(report.state, 7).text(report.submitted, 10).text(report.done, 10)
    body.text(report.number, _number_size(version)).number(report.smsc, 4)
    return bytes(body.data)


def read_report(content: bytes, version: int) -> Report:
    """The status report in a deliver's content; raises BadPacket."""
    body = _Reader(content)
    message_id, state, submitted, done = body.number(8), body.text(7), body.text(10), body.text(10)
    return Report(
        message_id=message_id,
        state=state,
        submitted=submitted,
        done=done,
        number=body.text(_number_size(version)),
        smsc=body.number(4),
    )


def _is_30(version: int) -> bool:
    return version >= V30


def _result_size(version: int) -> int:
    return 4 if _is_30(version) else 1


def _number_size(version: int) -> int:
    return 32 if _is_30(version) else 21


def _tail_size(version: int) -> int:
    """LinkID in 3.0, a reserved field before."""
    return 20 if _is_30(version) else 8


def _write_submit(body: "_Writer", packet: Submit, version: int) -> None:
    if not 1 <= len(packet.numbers) <= 100:
        raise BadPacket("a submit goes to 1 to 100 numbers")
    body.number(0, 8).number(packet.total, 1).number(packet.number, 1).number(packet.report, 1)
    body.number(packet.level, 1).text(packet.service, 10).number(2, 1).text("", _number_size(version))
    if _is_30(version):
        body.number(0, 1)
    body.number(0, 1).number(packet.header, 1).number(packet.charset, 1).text(packet.source, 6)
    body.text(packet.fee_type, 2).text(packet.fee_code, 6).text("", 17).text("", 17).text(packet.sender, 21)
    body.number(len(packet.numbers), 1)
    for one in packet.numbers:
        body.text(one, _number_size(version))
    if _is_30(version):
        body.number(0, 1)
    body.counted(packet.content).raw(bytes(_tail_size(version)), _tail_size(version))


def _read_submit(body: "_Reader", version: int) -> Submit:
    body.raw(8)
    total, number, report, level = body.number(1), body.number(1), body.number(1), body.number(1)
    service = body.text(10)
    body.raw(1 + _number_size(version) + _is_30(version) + 1)
    header, charset, source = body.number(1), body.number(1), body.text(6)
    fee_type, fee_code = body.text(2), body.text(6)
    body.raw(34)
    sender, count = body.text(21), body.number(1)
    numbers = tuple(body.text(_number_size(version)) for _ in range(count))
    body.raw(int(_is_30(version)))
    content = body.counted()
    return Submit(
        source=source,
        sender=sender,
        numbers=numbers,
        content=content,
        service=service,
        total=total,
        number=number,
        report=bool(report),
        header=bool(header),
        charset=charset,
        level=level,
        fee_type=fee_type,
        fee_code=fee_code,
    )


def _write_deliver(body: "_Writer", packet: Deliver, version: int) -> None:
    body.number(packet.message_id, 8).text(packet.destination, 21).text(packet.service, 10)
    body.number(0, 1).number(packet.header, 1).number(packet.charset, 1).text(packet.number, _number_size(version))
    if _is_30(version):
        body.number(0, 1)
    body.number(packet.report, 1).counted(packet.content).raw(bytes(_tail_size(version)), _tail_size(version))


def _read_deliver(body: "_Reader", version: int) -> Deliver:
    message_id, destination, service = body.number(8), body.text(21), body.text(10)
    body.raw(1)
    header, charset, number = body.number(1), body.number(1), body.text(_number_size(version))
    body.raw(int(_is_30(version)))
    report = body.number(1)
    return Deliver(
        message_id=message_id,
        destination=destination,
        number=number,
        content=body.counted(),
        service=service,
        report=bool(report),
        header=bool(header),
        charset=charset,
    )


class _Writer:
    """Appends fields."""

    def __init__(self) -> None:
        self.data = bytearray()

    def number(self, value: int, size: int) -> "_Writer":
        try:
            self.data += int(value).to_bytes(size)
        except OverflowError as error:
            raise BadPacket(f"{value} does not fit into {size} bytes") from error
        return self

    def text(self, value: str, size: int) -> "_Writer":
        if not value.isascii() or len(value) > size or "\0" in value:
            raise BadPacket(f"{value!r} does not fit into {size} characters")
        self.data += value.encode("ascii").ljust(size, b"\0")
        return self

    def raw(self, value: bytes, size: int) -> "_Writer":
        if len(value) != size:
            raise BadPacket(f"{len(value)} bytes where {size} belong")
        self.data += value
        return self

    def counted(self, value: bytes) -> "_Writer":
        if len(value) > _TEXT_BYTES:
            raise BadPacket(f"{len(value)} bytes of text, {_TEXT_BYTES} at most")
        self.data += bytes([len(value)]) + value
        return self


class _Reader:
    """Takes fields off the front; what is left over at the end is ignored, as newer versions may add fields."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def raw(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size]
        if len(found) != size:
            raise BadPacket("ends too early")
        self._at += size
        return found

    def number(self, size: int) -> int:
        return int.from_bytes(self.raw(size))

    def text(self, size: int) -> str:
        """Up to the first zero byte; bytes beyond ASCII, which no field has, become Latin letters."""
        return self.raw(size).partition(b"\0")[0].decode("latin-1").rstrip()

    def counted(self) -> bytes:
        return self.raw(self.number(1))
