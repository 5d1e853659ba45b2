"""The client's side of a CMPP connection without the socket: bytes and moments in, events and bytes out.

Moments are seconds of a clock that only goes forward; the caller brings them, so that tests need not wait.
"""

import collections
import dataclasses
import hmac
from collections.abc import Hashable

from zhengtong.capabilities.notify.engine import cmpp

_LAST_SEQUENCE = 0xFFFF_FFFF
_REMEMBERED = 1000
LOGIN_WORDS = {
    1: "消息结构错",
    2: "非法源地址",
    3: "认证错",
    4: "版本太高",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class GatewayAccount:
    """Where the gateway is and who we are there; ``sender`` is the access number, ``service`` the service code.

    ``window``: how many submits may be unanswered; ``answer_seconds``: how long an answer may take;
    ``idle_seconds``: after how long a silence we ask whether somebody is there.
    """

    host: str
    port: int
    source: str
    secret: str = dataclasses.field(repr=False)
    sender: str = ""
    service: str = ""
    version: int = cmpp.V30
    window: int = 16
    answer_seconds: float = 30.0
    idle_seconds: float = 60.0


@dataclasses.dataclass(frozen=True)
class Opened:
    """The gateway has admitted us."""


@dataclasses.dataclass(frozen=True)
class Answered:
    """The gateway took (result 0) or refused a submit; ``late`` when we had given the answer up."""

    key: Hashable
    message_id: int
    result: int
    late: bool = False


@dataclasses.dataclass(frozen=True)
class Lost:
    """No answer came; ``sent``: the gateway may have the message all the same."""

    key: Hashable
    sent: bool


@dataclasses.dataclass(frozen=True)
class Reported:
    """A status report; it comes again until ``acknowledge(handle)``."""

    handle: int
    report: cmpp.Report


@dataclasses.dataclass(frozen=True)
class Replied:
    """Somebody wrote to our access number; already acknowledged."""

    number: str


@dataclasses.dataclass(frozen=True)
class Closed:
    """The connection is at its end, and why."""

    reason: str


Event = Opened | Answered | Lost | Reported | Replied | Closed


class Session:
    """One connection: login, submits within the window, receipts, the test of the line, the end."""

    def __init__(self, account: GatewayAccount, *, stamp: int, at: float) -> None:
        self._account = account
        self._framer = cmpp.Framer()
        self._out = bytearray()
        self._sequence = 0
        self._queue: collections.deque[tuple[Hashable, cmpp.Submit]] = collections.deque()
        self._flying: dict[int, tuple[Hashable, float]] = {}
        self._overdue: collections.OrderedDict[int, Hashable] = collections.OrderedDict()
        self._reports: dict[int, int] = {}
        self._heard = self._began = at
        self._tested: float | None = None
        self.opened = False
        self.closed = False
        self._proof = cmpp.authenticator(account.source, account.secret, stamp)
        login = cmpp.Connect(source=account.source, authenticator=self._proof, version=account.version, stamp=stamp)
        self._send(login)

    @property
    def waiting(self) -> int:
        """Submits handed over and not yet answered."""
        return len(self._queue) + len(self._flying)

    @property
    def free(self) -> int:
        """How many more submits go out at once."""
        return max(0, self._account.window - self.waiting) if self.opened and not self.closed else 0

    def submit(self, key: Hashable, packet: cmpp.Submit, at: float) -> None:
        """Send it, at once or when the window allows; an ``Answered`` or ``Lost`` with ``key`` follows.

        Raises BadPacket, before anything is sent, for what fits into no packet.
        """
        cmpp.frame(packet, 1, self._account.version)
        self._queue.append((key, packet))
        self._flush(at)

    def acknowledge(self, handle: int) -> None:
        """Tell the gateway that a report is safe with us."""
        message_id = self._reports.pop(handle, None)
        if message_id is not None and not self.closed:
            self._reply(cmpp.DeliverResp(message_id=message_id, result=0), handle)

    def close(self) -> None:
        """Say goodbye; the caller sends what is left and closes."""
        if self.opened and not self.closed:
            self._send(cmpp.Terminate())

    def take_output(self) -> bytes:
        """The bytes to send, once."""
        found = bytes(self._out)
        self._out.clear()
        return found

    def receive(self, data: bytes, at: float) -> list[Event]:
        """What the bytes mean; no bytes mean that the other side has closed."""
        if self.closed:
            return []
        if not data:
            return self.end("网关断开了连接")
        self._heard, self._tested = at, None
        events: list[Event] = []
        try:
            for one in self._framer.feed(data):
                sequence, packet = cmpp.read(one, self._account.version)
                events += self._take(sequence, packet)
        except cmpp.BadPacket as error:
            events += self.end(f"网关发来的内容不是 CMPP：{error}")
        if not self.closed:
            self._flush(at)
        return events

    def tick(self, at: float) -> list[Event]:
        """What the passing of time means: answers that are overdue, a silent line."""
        if self.closed:
            return []
        limit = self._account.answer_seconds
        if not self.opened and at - self._began > limit:
            return self.end("网关没有应答登录")
        if self._tested is not None and at - self._tested > limit:
            return self.end("网关没有应答链路检测")
        events: list[Event] = []
        for sequence, (key, since) in list(self._flying.items()):
            if at - since > limit:
                del self._flying[sequence]
                self._overdue[sequence] = key
                events.append(Lost(key, sent=True))
        while len(self._overdue) > _REMEMBERED:
            self._overdue.popitem(last=False)
        if self.opened and self._tested is None and at - self._heard > self._account.idle_seconds:
            self._tested = at
            self._send(cmpp.ActiveTest())
        self._flush(at)
        return events

    def end(self, reason: str) -> list[Event]:
        """The connection is gone: everything unanswered is lost."""
        if self.closed:
            return []
        self.closed = True
        events: list[Event] = [Lost(key, sent=True) for key, _since in self._flying.values()]
        events += [Lost(key, sent=False) for key, _packet in self._queue]
        self._flying.clear()
        self._queue.clear()
        return [*events, Closed(reason)]

    def _take(self, sequence: int, packet: cmpp.Packet | None) -> list[Event]:
        match packet:
            case cmpp.ConnectResp():
                return self._admitted(packet)
            case cmpp.SubmitResp():
                return self._answered(sequence, packet)
            case cmpp.Deliver():
                return self._delivered(sequence, packet)
            case cmpp.ActiveTest():
                self._reply(cmpp.ActiveTestResp(), sequence)
            case cmpp.Terminate():
                self._reply(cmpp.TerminateResp(), sequence)
                return self.end("网关要求断开")
            case cmpp.TerminateResp():
                return self.end("已经退出")
            case _:
                pass
        return []

    def _admitted(self, packet: cmpp.ConnectResp) -> list[Event]:
        if packet.status != 0:
            return self.end(f"网关拒绝登录：{LOGIN_WORDS.get(packet.status, '其他错误')}（{packet.status}）")
        if self.opened:
            return []
        proof = cmpp.gateway_authenticator(0, self._proof, self._account.secret, self._account.version)
        # many gateways send zeros here; one that proves something must prove it rightly
        if any(packet.authenticator) and not hmac.compare_digest(proof, packet.authenticator):
            return self.end("网关的身份验证不符")
        self.opened = True
        return [Opened()]

    def _answered(self, sequence: int, packet: cmpp.SubmitResp) -> list[Event]:
        if sequence in self._flying:
            key, _since = self._flying.pop(sequence)
            return [Answered(key, packet.message_id, packet.result)]
        if sequence in self._overdue:
            return [Answered(self._overdue.pop(sequence), packet.message_id, packet.result, late=True)]
        return []

    def _delivered(self, sequence: int, packet: cmpp.Deliver) -> list[Event]:
        if not packet.report:
            self._reply(cmpp.DeliverResp(message_id=packet.message_id, result=0), sequence)
            return [Replied(packet.number)]
        try:
            report = cmpp.read_report(packet.content, self._account.version)
        except cmpp.BadPacket:
            # result 1, a broken message: sending it again would not mend it
            self._reply(cmpp.DeliverResp(message_id=packet.message_id, result=1), sequence)
            return []
        self._reports[sequence] = packet.message_id
        return [Reported(sequence, report)]

    def _flush(self, at: float) -> None:
        while self._queue and self.opened and len(self._flying) < self._account.window:
            key, packet = self._queue.popleft()
            self._flying[self._send(packet)] = (key, at)

    def _send(self, packet: cmpp.Packet) -> int:
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        self._reply(packet, self._sequence)
        return self._sequence

    def _reply(self, packet: cmpp.Packet, sequence: int) -> None:
        self._out += cmpp.frame(packet, sequence, self._account.version)
