"""A simulated gateway for CMPP 2.0 and 3.0 that goes wrong as told: for tests, trials and demonstrations."""

import collections
import contextlib
import dataclasses
import selectors
import socket
import threading
import time
from collections.abc import Callable

from zhengtong.capabilities.notify.engine import cmpp, texts

_CHUNK = 65536
_TURN = 0.05
_FIRST_ID = 0x7A54_0000_0000_0001
_AGAIN = 5.0
_FLOW_CONTROL = 8
#: when a simulated message went out and arrived, YYMMDDhhmm; nobody relies on it
_STAMP = "2601010000"
_REFUSED = 3


@dataclasses.dataclass
class Faults:
    """Every n-th time something goes wrong; 0 is never. May be changed while the gateway runs.

    ``fail``: submit refused (flow control); ``silence``: submit swallowed without an answer; ``drop``: connection
    cut instead of an answer, the message swallowed; ``report_fail``: the telephone does not get it, and the report
    says so; ``report_lose``: it gets it, but no report comes. ``closed``: logins are refused.
    ``report_after``: seconds from submit to report.
    """

    fail: int = 0
    silence: int = 0
    drop: int = 0
    report_fail: int = 0
    report_lose: int = 0
    closed: bool = False
    report_after: float = 0.0


@dataclasses.dataclass(frozen=True)
class Arrived:
    """A short message on a telephone."""

    number: str
    text: str


class SimulatedGateway:
    """Listens on the loopback (or ``host``); ``arrived`` holds what telephones got, ``on_arrival`` is told of each.

    Runs in a thread of its own between ``start`` and ``stop``; a context manager.
    """

    def __init__(
        self,
        *,
        source: str,
        secret: str,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Faults | None = None,
        on_arrival: Callable[[Arrived], None] | None = None,
    ) -> None:
        self.source, self.secret = source, secret
        self.faults = faults or Faults()
        self.arrived: list[Arrived] = []
        self.submits = 0
        self.logins = 0
        self._on_arrival = on_arrival
        self._reports_made = 0
        self._next_id = _FIRST_ID
        self._reports: collections.deque[tuple[float, cmpp.Report]] = collections.deque()
        self._pieces: dict[tuple[str, int, int], dict[int, bytes]] = {}
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server((host, port))
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._connections: dict[socket.socket, _Connection] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="simulated-gateway", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def start(self) -> "SimulatedGateway":
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the thread and every connection."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def __enter__(self) -> "SimulatedGateway":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def run(self) -> None:
        """Serve until ``stop``."""
        try:
            while not self._stopping.is_set():
                for key, _mask in self._selector.select(_TURN):
                    if key.fileobj is self._listener:
                        self._admit()
                    else:
                        self._hear(self._connections[key.fileobj])  # type: ignore[index]  # we registered a socket
                self._send_reports()
        finally:
            for one in list(self._connections.values()):
                self.cut(one)
            self._selector.close()
            self._listener.close()

    def _admit(self) -> None:
        connected, _address = self._listener.accept()
        connected.settimeout(1.0)
        self._connections[connected] = _Connection(self, connected)
        self._selector.register(connected, selectors.EVENT_READ)

    def _hear(self, connection: "_Connection") -> None:
        try:
            data = connection.socket.recv(_CHUNK)
            alive = bool(data) and connection.receive(data)
        except (OSError, cmpp.BadPacket):
            alive = False
        if not alive:
            self.cut(connection)

    def cut(self, connection: "_Connection") -> None:
        """Close a connection; reports it had no receipt for go to another one."""
        if self._connections.pop(connection.socket, None) is None:
            return
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(connection.socket)
        connection.socket.close()
        self._reports.extend((0.0, report) for report, _at in connection.unconfirmed.values())

    def _send_reports(self) -> None:
        connection = next((one for one in self._connections.values() if one.version), None)
        if connection is None:
            return
        present = time.monotonic()
        for _ in range(len(self._reports)):
            due, report = self._reports.popleft()
            if due > present:
                self._reports.append((due, report))
                continue
            try:
                connection.deliver(report, present)
            except OSError:
                self._reports.append((due, report))
                self.cut(connection)
                return
        connection.deliver_again(present)

    def take(self, packet: cmpp.Submit) -> cmpp.SubmitResp | None:
        """What becomes of a submit: its answer, None for silence; raises OSError to cut the connection."""
        self.submits += 1
        if self._is_turn(self.submits, self.faults.drop):
            raise ConnectionAbortedError
        if self._is_turn(self.submits, self.faults.silence):
            return None
        if self._is_turn(self.submits, self.faults.fail):
            return cmpp.SubmitResp(message_id=0, result=_FLOW_CONTROL)
        message_id = self._next_id
        self._next_id += 1
        for number in packet.numbers:
            self._reports_made += 1
            lost = self._is_turn(self._reports_made, self.faults.report_fail)
            if not lost:
                self._arrive(number, packet)
            if packet.report and not self._is_turn(self._reports_made, self.faults.report_lose):
                self._report(message_id, number, "UNDELIV" if lost else "DELIVRD")
        return cmpp.SubmitResp(message_id=message_id, result=0)

    def _report(self, message_id: int, number: str, state: str) -> None:
        report = cmpp.Report(message_id=message_id, state=state, submitted=_STAMP, done=_STAMP, number=number)
        self._reports.append((time.monotonic() + self.faults.report_after, report))

    def _arrive(self, number: str, packet: cmpp.Submit) -> None:
        """A telephone puts parts together by their reference, as real ones do."""
        found = texts.header_of(packet.content) if packet.header else None
        if found is None:
            contents = {1: packet.content}
        else:
            reference, total, place = found
            contents = self._pieces.setdefault((number, reference, total), {})
            contents[place] = packet.content
            if len(contents) < total:
                return
            del self._pieces[number, reference, total]
        arrived = Arrived(number, texts.joined(contents, header=found is not None, charset=packet.charset))
        self.arrived.append(arrived)
        if self._on_arrival is not None:
            self._on_arrival(arrived)

    @staticmethod
    def _is_turn(count: int, every: int) -> bool:
        return every > 0 and count % every == 0


class _Connection:
    """One client; its version is known after the login."""

    def __init__(self, gateway: SimulatedGateway, connected: socket.socket) -> None:
        self.gateway = gateway
        self.socket = connected
        self.version = 0
        self.unconfirmed: dict[int, tuple[cmpp.Report, float]] = {}
        self._framer = cmpp.Framer()
        self._sequence = 0

    def receive(self, data: bytes) -> bool:
        """Answer what came; False when the connection is to end."""
        for one in self._framer.feed(data):
            sequence, packet = cmpp.read(one, self.version or cmpp.V30)
            if not self.version:
                if not isinstance(packet, cmpp.Connect) or not self._login(packet, sequence):
                    return False
            elif isinstance(packet, cmpp.Submit):
                answer = self.gateway.take(packet)
                if answer is not None:
                    self._send(answer, sequence)
            elif isinstance(packet, cmpp.DeliverResp):
                self.unconfirmed.pop(sequence, None)
            elif isinstance(packet, cmpp.ActiveTest):
                self._send(cmpp.ActiveTestResp(), sequence)
            elif isinstance(packet, cmpp.Terminate):
                self._send(cmpp.TerminateResp(), sequence)
                return False
        return True

    def deliver(self, report: cmpp.Report, at: float) -> None:
        """Send a status report; it stays unconfirmed until its receipt comes."""
        self._sequence += 1
        self.unconfirmed[self._sequence] = (report, at)
        self._send(self._packet(report), self._sequence)

    def deliver_again(self, at: float) -> None:
        """Send again what had no receipt for five seconds."""
        for sequence, (report, since) in list(self.unconfirmed.items()):
            if at - since > _AGAIN:
                self.unconfirmed[sequence] = (report, at)
                with contextlib.suppress(OSError):
                    self._send(self._packet(report), sequence)

    def _packet(self, report: cmpp.Report) -> cmpp.Deliver:
        return cmpp.Deliver(
            message_id=report.message_id,
            destination="",
            number=report.number,
            content=cmpp.report_content(report, self.version),
            report=True,
            charset=0,
        )

    def _login(self, packet: cmpp.Connect, sequence: int) -> bool:
        gateway = self.gateway
        gateway.logins += 1
        proof = cmpp.authenticator(packet.source, gateway.secret, packet.stamp)
        right = packet.source == gateway.source and packet.authenticator == proof and not gateway.faults.closed
        status = 0 if right else _REFUSED
        answer = cmpp.ConnectResp(
            status=status,
            authenticator=cmpp.gateway_authenticator(status, packet.authenticator, gateway.secret, packet.version),
            version=packet.version,
        )
        self.version = packet.version
        self._send(answer, sequence)
        return right

    def _send(self, packet: cmpp.Packet, sequence: int) -> None:
        self.socket.sendall(cmpp.frame(packet, sequence, self.version))
