"""The codec: what is written is read again, and hostile bytes end in one named error."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.notify.engine import cmpp

VERSIONS = st.sampled_from([cmpp.V20, cmpp.V30])
BYTE = st.integers(0, 255)


def field(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdefXYZ+-", max_size=size)


SUBMITS = st.builds(
    cmpp.Submit,
    source=field(6),
    sender=field(21),
    numbers=st.lists(field(21), min_size=1, max_size=100).map(tuple),
    content=st.binary(max_size=140),
    service=field(10),
    total=BYTE,
    number=BYTE,
    report=st.booleans(),
    header=st.booleans(),
    charset=BYTE,
    level=BYTE,
    fee_type=field(2),
    fee_code=field(6),
)
DELIVERS = st.builds(
    cmpp.Deliver,
    message_id=st.integers(0, 2**64 - 1),
    destination=field(21),
    number=field(21),
    content=st.binary(max_size=140),
    service=field(10),
    report=st.booleans(),
    header=st.booleans(),
    charset=BYTE,
)
ANSWERS = st.one_of(
    st.builds(cls, message_id=st.integers(0, 2**64 - 1), result=BYTE) for cls in (cmpp.SubmitResp, cmpp.DeliverResp)
)
LOGINS = st.one_of(
    st.builds(
        cmpp.Connect,
        source=field(6),
        authenticator=st.binary(min_size=16, max_size=16),
        version=BYTE,
        stamp=st.integers(0, 2**32 - 1),
    ),
    st.builds(cmpp.ConnectResp, status=BYTE, authenticator=st.binary(min_size=16, max_size=16), version=BYTE),
)
PACKETS = st.one_of(
    SUBMITS,
    DELIVERS,
    ANSWERS,
    LOGINS,
    st.sampled_from([cmpp.Terminate(), cmpp.TerminateResp(), cmpp.ActiveTest(), cmpp.ActiveTestResp()]),
)


@given(PACKETS, st.integers(0, 2**32 - 1), VERSIONS)
def test_what_is_written_is_read_again(packet: cmpp.Packet, sequence: int, version: int) -> None:
    assert cmpp.read(cmpp.frame(packet, sequence, version), version) == (sequence, packet)


@given(
    st.builds(
        cmpp.Report,
        message_id=st.integers(0, 2**64 - 1),
        state=field(7),
        submitted=field(10),
        done=field(10),
        number=field(21),
        smsc=st.integers(0, 2**32 - 1),
    ),
    VERSIONS,
)
def test_a_report_is_read_again(report: cmpp.Report, version: int) -> None:
    assert cmpp.read_report(cmpp.report_content(report, version), version) == report


@given(st.lists(PACKETS, max_size=4), VERSIONS, st.integers(1, 50))
def test_frames_are_found_however_the_stream_is_cut(packets: list[cmpp.Packet], version: int, size: int) -> None:
    stream = b"".join(cmpp.frame(packet, place, version) for place, packet in enumerate(packets))
    framer = cmpp.Framer()

    found = [one for start in range(0, len(stream), size) for one in framer.feed(stream[start : start + size])]

    assert [cmpp.read(one, version)[1] for one in found] == packets


@given(st.binary(max_size=300), VERSIONS)
def test_hostile_bytes_end_in_the_named_error(data: bytes, version: int) -> None:
    for attempt in (cmpp.read, cmpp.read_report):
        with contextlib.suppress(cmpp.BadPacket):
            attempt(data, version)
    with contextlib.suppress(cmpp.BadPacket):
        list(cmpp.Framer().feed(data))


@given(st.sampled_from([1, 4, 5, 0x80000001, 0x80000004]), st.binary(max_size=260), VERSIONS)
def test_a_right_header_over_hostile_bytes_too(command: int, body: bytes, version: int) -> None:
    data = (12 + len(body)).to_bytes(4) + command.to_bytes(4) + bytes(4) + body

    try:
        sequence, _packet = cmpp.read(data, version)
    except cmpp.BadPacket:
        return
    assert sequence == 0


def test_lengths_are_those_of_the_specification() -> None:
    packet = cmpp.Submit(source="901234", sender="10690000", numbers=("13800000001",), content=b"ab")

    # CMPP 2.0: 12 + 8+1+1+1+1+10+1+21+1+1+1+6+2+6+17+17+21+1+21+1+content+8; 3.0 as its own sum
    assert len(cmpp.frame(packet, 1, cmpp.V20)) == 12 + 147 + 2
    assert len(cmpp.frame(packet, 1, cmpp.V30)) == 12 + 183 + 2
    assert len(cmpp.frame(cmpp.SubmitResp(message_id=1, result=0), 1, cmpp.V20)) == 21
    assert len(cmpp.frame(cmpp.SubmitResp(message_id=1, result=0), 1, cmpp.V30)) == 24


@pytest.mark.parametrize(
    "changes", [{"source": "1234567"}, {"numbers": ()}, {"content": bytes(141)}, {"sender": "中文"}, {"total": 256}]
)
def test_what_fits_into_no_field_is_refused(changes: dict) -> None:
    values = {"source": "901234", "sender": "1069", "numbers": ("138",), "content": b""} | changes

    with pytest.raises(cmpp.BadPacket):
        cmpp.frame(cmpp.Submit(**values), 1, cmpp.V30)


def test_the_proof_of_the_secret_is_that_of_the_specification() -> None:
    import hashlib

    wanted = hashlib.md5(b"901234" + bytes(9) + b"secret" + b"0102030405", usedforsecurity=False).digest()

    assert cmpp.authenticator("901234", "secret", 102030405) == wanted
