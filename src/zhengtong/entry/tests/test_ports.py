"""The port of the web server."""

import socket
from collections.abc import Iterator

import pytest

from zhengtong.entry.runtime import ports
from zhengtong.entry.runtime.problems import StartProblem

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_free_port_is_used_without_a_word(taken: int) -> None:
    free = ports.next_free("127.0.0.1", taken, lambda _text: None)
    said: list[str] = []

    assert ports.next_free("127.0.0.1", free, said.append) == free
    assert said == []


def test_a_taken_port_gives_the_next_free_one_and_one_clear_sentence(taken: int) -> None:
    said: list[str] = []

    port = ports.next_free("127.0.0.1", taken, said.append)

    assert port > taken
    assert ports.is_free("127.0.0.1", port)
    assert said == [f"端口 {taken} 已被其他程序占用，改用下一个空闲端口 {port}。"]


def test_the_sentence_names_who_holds_the_port_when_known(taken: int) -> None:
    said: list[str] = []

    ports.next_free("127.0.0.1", taken, said.append, reason="本平台的另一个实例")

    assert f"端口 {taken} 已被本平台的另一个实例占用" in said[0]


def test_a_port_held_on_all_addresses_counts_as_taken() -> None:
    with socket.socket() as server:
        server.bind(("0.0.0.0", 0))
        server.listen()

        assert not ports.is_free("127.0.0.1", server.getsockname()[1])


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_an_impossible_port_is_refused(port: int) -> None:
    with pytest.raises(StartProblem, match="无效"):
        ports.next_free("127.0.0.1", port, lambda _text: None)


def test_an_address_of_another_machine_is_refused_with_the_way_out() -> None:
    with pytest.raises(StartProblem, match="--host"):
        ports.is_free("192.0.2.1", 8000)
