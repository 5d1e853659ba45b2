"""The simulated courier: reports in order, with exactly the faults it is told."""

import pytest

from zhengtong.entry.commands import courier as command
from zhengtong.kernel.clock import recording_time
from zhengtong.kernel.signed_messages import opened


def test_the_simulated_courier_makes_the_faults_it_is_told() -> None:
    none = dict.fromkeys(command._FAULTS, 0)
    faults = {**none, "refuse-every": 2, "swap-every": 2, "double-every": 3, "forge-every": 4}

    plan = [(m.number, m.step, m.fault) for m in command.planned(["A", "B"], faults)]

    assert plan == [
        ("A", "collected", ""),
        ("A", "in_transit", ""),
        ("A", "delivered", ""),
        ("A", "delivered", ""),
        ("B", "refused", "forge"),
        ("B", "in_transit", ""),
        ("B", "collected", ""),
        ("B", "collected", ""),
    ]


@pytest.mark.parametrize(("fault", "signed"), [("", True), ("forge", False)])
def test_a_report_is_signed_with_the_agreed_secret_unless_it_is_forged(fault: str, signed: bool) -> None:
    body, headers = command.sealed(command.Message("A", "delivered", fault), b"agreed")

    if signed:
        at, nonce = opened(b"agreed", prefix="X-Courier", headers=headers, body=body)
        assert abs((recording_time() - at).total_seconds()) < 60
        assert nonce
    else:
        with pytest.raises(ValueError, match="signature"):
            opened(b"agreed", prefix="X-Courier", headers=headers, body=body)


@pytest.mark.parametrize("to", ["nowhere", "ftp://host/x", "http://host:port/x", "http://[::1/x", "http://a b/"])
def test_an_address_that_is_none_gets_a_sentence(to: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = command.argparse.ArgumentParser()
    command.add_arguments(parser)

    assert command.handle(parser.parse_args(["simulate", "A", "--secret", "x", "--to", to])) == 1
    said = capsys.readouterr().err
    assert "地址不正确" in said or "没有应答" in said


def test_without_a_secret_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("ZHENGTONG_COURIER_SECRET", raising=False)
    parser = command.argparse.ArgumentParser()
    command.add_arguments(parser)

    assert command.handle(parser.parse_args(["simulate", "A"])) == 1
    assert "没有签名密钥" in capsys.readouterr().err
