"""The connection to the gateway: a socket that is opened again, after growing pauses, whenever it is gone."""

import contextlib
import select
import socket
import time
from collections.abc import Callable, Hashable

from zhengtong.capabilities.notify.engine import cmpp
from zhengtong.capabilities.notify.engine.session import Closed, Event, GatewayAccount, Session

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_CONNECT_SECONDS = 10.0
_CHUNK = 65536


class Line:
    """One gateway, at most one connection to it; used by one thread.

    ``stamp`` gives the time of day as the login wants it, MMDDhhmmss; ``clock`` seconds that only go forward.
    """

    def __init__(
        self, account: GatewayAccount, *, stamp: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.account = account
        self.problem = ""
        self._clock = clock
        self._stamp = stamp
        self._early: list[Event] = []
        self._socket: socket.socket | None = None
        self._session: Session | None = None
        self._pause = _FIRST_PAUSE
        self._not_before = float("-inf")

    @property
    def ready(self) -> bool:
        """Logged in, and the connection stands."""
        return self._session is not None and self._session.opened and not self._session.closed

    @property
    def free(self) -> int:
        """How many submits go out at once."""
        return self._session.free if self._session else 0

    @property
    def waiting(self) -> int:
        """Submits without an answer."""
        return self._session.waiting if self._session else 0

    def open(self) -> bool:
        """Connect and log in unless that failed a moment ago; True when the line is ready.

        Waits for the login ten seconds at most; ``problem`` says in Chinese why it is not ready.
        """
        if self.ready:
            return True
        if self._clock() < self._not_before:
            return False
        self._drop()
        try:
            address = (self.account.host, self.account.port)
            self._socket = socket.create_connection(address, timeout=_CONNECT_SECONDS)
            self._socket.setblocking(False)
        except OSError as error:
            self._failed(f"连接不上：{error.strerror or error}")
            return False
        self._session = Session(self.account, stamp=self._stamp(), at=self._clock())
        return self._log_in()

    def _log_in(self) -> bool:
        until = time.monotonic() + _CONNECT_SECONDS
        while time.monotonic() < until:
            # a gateway may send reports with the same breath: they are not to be lost
            self._early = self.poll(0.1)
            if self._session is None:
                self._early = []
                return False
            if self._session.opened:
                self._pause, self.problem = _FIRST_PAUSE, ""
                return True
        self._failed("网关没有应答登录")
        return False

    def submit(self, key: Hashable, packet: cmpp.Submit) -> None:
        """Hand a submit over; its ``Answered`` or ``Lost`` comes out of ``poll``. Raises BadPacket."""
        if self._session is None:
            raise RuntimeError("the line is not open")
        self._session.submit(key, packet, self._clock())

    def acknowledge(self, handle: int) -> None:
        """Tell the gateway that a report is safe with us."""
        if self._session is not None:
            self._session.acknowledge(handle)

    def poll(self, seconds: float) -> list[Event]:
        """Send and receive; waits for something to read ``seconds`` at most."""
        session, connected = self._session, self._socket
        if session is None or connected is None:
            return []
        events, self._early = self._early, []
        try:
            self._write(connected, session)
            if select.select([connected], [], [], 0 if events else seconds)[0]:
                events += session.receive(connected.recv(_CHUNK), self._clock())
            # what lies here already is no overdue answer, however late we come to read it
            events += session.tick(self._clock())
            self._write(connected, session)
        except BlockingIOError:
            pass
        except OSError as error:
            events += session.end(f"连接中断：{error.strerror or error}")
        ended = next((event for event in events if isinstance(event, Closed)), None)
        if ended is not None:
            self._failed(ended.reason)
        return events

    def flush(self) -> None:
        """Send receipts now; a broken connection shows at the next ``poll``."""
        if self._session is not None and self._socket is not None:
            with contextlib.suppress(OSError):
                self._write(self._socket, self._session)

    def close(self) -> None:
        """Take leave of the gateway and close."""
        if self._session is not None and self._socket is not None:
            self._session.close()
            self.flush()
        self._drop()

    def _write(self, connected: socket.socket, session: Session) -> None:
        """Send all there is; a gateway that reads nothing for ten seconds counts as gone."""
        data = session.take_output()
        if data:
            connected.settimeout(_CONNECT_SECONDS)
            try:
                connected.sendall(data)
            finally:
                connected.setblocking(False)

    def _failed(self, problem: str) -> None:
        self.problem = problem
        self._not_before = self._clock() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = self._session = None
