"""Our client against the simulated gateway, and an independent client against it."""

import contextlib
import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from cmppy import Cmppy
from cmppy.request.SubmitReq import SubmitReq
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.notify.engine import cmpp, texts
from zhengtong.capabilities.notify.engine.line import Line
from zhengtong.capabilities.notify.engine.session import (
    Answered,
    Closed,
    Event,
    GatewayAccount,
    Lost,
    Opened,
    Replied,
    Reported,
    Session,
)
from zhengtong.capabilities.notify.engine.simulator import Arrived, Faults, SimulatedGateway

SECRET = "s3cret"


def stamp() -> int:
    return 1123100000


BOTH = pytest.mark.parametrize("version", [cmpp.V20, cmpp.V30])


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def gateway() -> Iterator[SimulatedGateway]:
    with SimulatedGateway(source="901234", secret=SECRET) as found:
        yield found


def account(gateway: SimulatedGateway, **changes: object) -> GatewayAccount:
    values = {"host": "127.0.0.1", "port": gateway.port, "source": "901234", "secret": SECRET, "sender": "10690000"}
    return GatewayAccount(**(values | changes))  # type: ignore[arg-type]  # a test's values


def packet(text: str = "您的申请已收到", *, number: str = "13800000001") -> cmpp.Submit:
    [content] = texts.parts_of(text, 1)
    return cmpp.Submit(source="901234", sender="10690000", numbers=(number,), content=content)


def until(line: Line, enough: Callable[[list[Event]], bool], *, seconds: float = 5.0) -> list[Event]:
    """Poll until there is enough; reports are acknowledged."""
    events: list[Event] = []
    end = time.monotonic() + seconds
    while not enough(events) and time.monotonic() < end:
        for event in line.poll(0.05):
            events.append(event)
            if isinstance(event, Reported):
                line.acknowledge(event.handle)
        line.flush()
    assert enough(events), events
    return events


def kinds(events: list[Event], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


@BOTH
def test_messages_are_taken_reported_and_arrive(gateway: SimulatedGateway, version: int) -> None:
    line = Line(account(gateway, version=version), stamp=stamp)
    assert line.open()
    for number in range(40):
        line.submit(number, packet(f"第{number}条"))

    events = until(line, lambda found: len(kinds(found, Reported)) == 40)
    line.close()

    answers = {event.key: event.message_id for event in kinds(events, Answered)}
    assert sorted(answers) == list(range(40))
    assert {event.report.message_id for event in kinds(events, Reported)} == set(answers.values())
    assert {event.report.state for event in kinds(events, Reported)} == {"DELIVRD"}
    assert sorted(one.text for one in gateway.arrived) == sorted(f"第{number}条" for number in range(40))


@BOTH
def test_a_long_message_comes_together_on_the_telephone(gateway: SimulatedGateway, version: int) -> None:
    line = Line(account(gateway, version=version), stamp=stamp)
    assert line.open()
    text = "【青禾县政务服务】" + "一次性告知您需要补正的全部材料，" * 15
    parts = texts.parts_of(text, 77)
    for place, content in reversed(list(enumerate(parts, start=1))):
        line.submit(
            place,
            cmpp.Submit(
                source="901234",
                sender="10690000",
                numbers=("13800000001",),
                content=content,
                total=len(parts),
                number=place,
                header=True,
            ),
        )

    until(line, lambda found: len(kinds(found, Reported)) == len(parts))
    line.close()

    assert len(parts) == 4
    assert gateway.arrived == [Arrived("13800000001", text)]


@BOTH
def test_an_independent_count_of_faults(gateway: SimulatedGateway, version: int) -> None:
    gateway.faults.fail, gateway.faults.report_fail = 3, 4
    line = Line(account(gateway, version=version), stamp=stamp)
    assert line.open()
    for number in range(12):
        line.submit(number, packet())

    events = until(line, lambda found: len(kinds(found, Reported)) == 8 and len(kinds(found, Answered)) == 12)
    line.close()

    assert [event.result for event in kinds(events, Answered)] == [0, 0, 8] * 4
    assert [event.report.state for event in kinds(events, Reported)].count("UNDELIV") == 2
    assert len(gateway.arrived) == 6


def test_a_wrong_secret_is_refused_in_words_and_tried_again_after_a_pause(gateway: SimulatedGateway) -> None:
    clock = Clock()
    line = Line(account(gateway, secret="wrong"), stamp=stamp, clock=clock)

    assert not line.open()
    assert line.problem == "网关拒绝登录：认证错（3）"
    assert not line.open()
    assert gateway.logins == 1
    clock.now += 1.0
    assert not line.open()
    clock.now += 1.9
    assert not line.open()
    assert gateway.logins == 2
    clock.now += 0.2
    assert not line.open()
    assert gateway.logins == 3


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    line = Line(GatewayAccount(host="127.0.0.1", port=port, source="901234", secret=SECRET), stamp=stamp)

    assert not line.open()
    assert "连接不上" in line.problem


def test_what_is_unanswered_is_lost_when_the_connection_is_cut_and_the_line_comes_back(
    gateway: SimulatedGateway,
) -> None:
    clock = Clock()
    gateway.faults.drop = 3
    line = Line(account(gateway, window=4), stamp=stamp, clock=clock)
    assert line.open()
    for number in range(6):
        line.submit(number, packet(f"第{number}条"))

    events = until(line, lambda found: bool(kinds(found, Closed)))
    answered = {event.key for event in kinds(events, Answered)}
    lost = {event.key for event in kinds(events, Lost)}
    clock.now += 2
    gateway.faults.drop = 0

    assert answered | lost == set(range(6))
    assert not answered & lost
    assert line.open()
    # reports that found no connection come on the new one
    later = until(line, lambda found: len(kinds(events + found, Reported)) == len(gateway.arrived))
    assert not kinds(later, Lost)
    line.close()


def test_an_answer_that_does_not_come_is_lost_and_a_late_one_is_known_as_such() -> None:
    session = opened(Session(ACCOUNT, stamp=1, at=0.0))
    session.submit("a", packet(), 1.0)
    sequence = sequences(session)[0]

    assert session.tick(30.0) == []
    assert session.tick(31.5) == [Lost("a", sent=True)]
    late = session.receive(cmpp.frame(cmpp.SubmitResp(message_id=7, result=0), sequence, cmpp.V30), 40.0)
    again = session.receive(cmpp.frame(cmpp.SubmitResp(message_id=7, result=0), sequence, cmpp.V30), 41.0)

    assert late == [Answered("a", 7, 0, late=True)]
    assert again == []


def test_an_answer_that_lies_there_already_is_not_overdue_however_late_it_is_read(gateway: SimulatedGateway) -> None:
    clock = Clock()
    line = Line(account(gateway), stamp=stamp, clock=clock)
    assert line.open()
    line.submit("a", packet())
    line.flush()
    assert select.select([line._socket], [], [], 5)[0]
    clock.now += 1000

    events = until(line, lambda found: bool(kinds(found, Answered)))
    line.close()

    assert not kinds(events, Lost)
    assert not kinds(events, Closed)


def test_the_window_holds_back_what_is_unanswered() -> None:
    session = opened(Session(ACCOUNT, stamp=1, at=0.0))
    for number in range(20):
        session.submit(number, packet(), 1.0)

    first = sequences(session)
    session.receive(cmpp.frame(cmpp.SubmitResp(message_id=1, result=0), first[0], cmpp.V30), 1.1)

    assert len(first) == 16
    assert len(sequences(session)) == 1
    assert session.free == 0
    assert session.waiting == 19


def test_a_silent_line_is_tested_and_a_dead_one_ended() -> None:
    session = opened(Session(ACCOUNT, stamp=1, at=0.0))

    assert session.tick(61.0) == []
    assert read_all(session)[-1] == cmpp.ActiveTest()
    assert session.tick(80.0) == []
    assert session.tick(92.0) == [Closed("网关没有应答链路检测")]


def test_the_gateways_own_test_and_what_citizens_write_are_answered() -> None:
    session = opened(Session(ACCOUNT, stamp=1, at=0.0))
    written = cmpp.Deliver(
        message_id=9, destination="10690000", number="13800000001", content="收到".encode("utf-16-be")
    )

    events = session.receive(cmpp.frame(cmpp.ActiveTest(), 5, cmpp.V30) + cmpp.frame(written, 6, cmpp.V30), 1.0)

    assert events == [Replied("13800000001")]
    assert read_all(session) == [cmpp.ActiveTestResp(), cmpp.DeliverResp(message_id=9, result=0)]


def test_a_report_is_acknowledged_only_when_it_is_safe() -> None:
    session = opened(Session(ACCOUNT, stamp=1, at=0.0))
    report = cmpp.Report(message_id=9, state="DELIVRD", submitted="2611230900", done="2611230900", number="138")
    deliver = cmpp.Deliver(
        message_id=9, destination="", number="138", content=cmpp.report_content(report, cmpp.V30), report=True
    )

    events = session.receive(cmpp.frame(deliver, 6, cmpp.V30), 1.0)
    before = read_all(session)
    session.acknowledge(6)

    assert events == [Reported(6, report)]
    assert before == []
    assert read_all(session) == [cmpp.DeliverResp(message_id=9, result=0)]


def test_a_gateway_that_cannot_prove_itself_is_left() -> None:
    session = Session(ACCOUNT, stamp=1, at=0.0)
    answer = cmpp.ConnectResp(status=0, authenticator=b"x" * 16, version=cmpp.V30)

    assert session.receive(cmpp.frame(answer, 1, cmpp.V30), 1.0) == [Closed("网关的身份验证不符")]


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=5))
def test_whatever_a_gateway_sends_ends_in_events(chunks: list[bytes]) -> None:
    session = opened(Session(ACCOUNT, stamp=1, at=0.0))
    session.submit("a", packet(), 1.0)
    session.submit("b", packet(), 1.0)

    events = [event for chunk in chunks for event in session.receive(chunk, 2.0)]
    events += session.tick(1000.0)
    events += session.end("over")

    assert [event.key for event in kinds(events, Lost)] == ["a", "b"]


def test_whatever_a_client_sends_the_gateway_goes_on(gateway: SimulatedGateway) -> None:
    for noise in (b"GET / HTTP/1.1\r\n\r\n", bytes(64), b"\xff" * 64, (13).to_bytes(4) + bytes(9)):
        with socket.create_connection(("127.0.0.1", gateway.port)) as stranger:
            stranger.sendall(noise)
            stranger.settimeout(5)
            with contextlib.suppress(ConnectionResetError):
                assert stranger.recv(100) == b""
    line = Line(account(gateway), stamp=stamp)

    assert line.open()
    line.close()


def test_an_independent_client_of_the_third_version_is_understood(
    gateway: SimulatedGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Cmppy("127.0.0.1", gateway.port, "901234", SECRET)

    answer = client.request(SubmitReq("901234", "您的申请已收到", dest_terminal_id=["13800000001"]))

    assert answer.result == 0
    assert gateway.arrived == [Arrived("13800000001", "您的申请已收到")]
    capsys.readouterr()


def test_an_independent_client_with_a_wrong_secret_is_refused(
    gateway: SimulatedGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Cmppy("127.0.0.1", gateway.port, "901234", "wrong!")

    assert client.request(SubmitReq("901234", "x")) is None
    assert gateway.arrived == []
    capsys.readouterr()


def test_faults_are_off_by_default() -> None:
    assert Faults() == Faults(fail=0, silence=0, drop=0, report_fail=0, report_lose=0, closed=False, report_after=0.0)


ACCOUNT = GatewayAccount(host="", port=0, source="901234", secret=SECRET)


def opened(session: Session) -> Session:
    """The session after its login; what it has sent is thrown away."""
    proof = cmpp.authenticator("901234", SECRET, 1)
    answer = cmpp.ConnectResp(
        status=0, authenticator=cmpp.gateway_authenticator(0, proof, SECRET, cmpp.V30), version=cmpp.V30
    )
    assert session.receive(cmpp.frame(answer, 1, cmpp.V30), 0.0) == [Opened()]
    session.take_output()
    return session


def read_all(session: Session) -> list[cmpp.Packet | None]:
    return [cmpp.read(one, cmpp.V30)[1] for one in cmpp.Framer().feed(session.take_output())]


def sequences(session: Session) -> list[int]:
    return [cmpp.read(one, cmpp.V30)[0] for one in cmpp.Framer().feed(session.take_output())]
