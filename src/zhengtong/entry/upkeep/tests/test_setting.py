"""What a county sets for itself is read before it counts."""

import datetime as dt

import pytest

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry.commands.parameter import handle
from zhengtong.entry.main import build_parser, discover
from zhengtong.entry.upkeep.setting import set_parameter
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import ParameterValue

pytestmark = pytest.mark.django_db
TENANT = "980723"
SOURCE = "青政办发〔2026〕12号"


def run(words: list[str]) -> int:
    return handle(build_parser(discover()).parse_args(words))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("notify.quiet_hours", "晚上不发", "读不出来"),
        ("notify.quiet_hours", 22, "应当是文字"),
        ("service_hall.acceptance_limit", "五天", "应当写成期限"),
        ("identity.lock_after", "5", "应当是整数"),
        ("identity.lock_after", True, "应当是整数"),
        ("identity.lock_after", -1, "不能小于 0"),
        ("service_hall.reminder_days", [60, "三十"], "每一项"),
        ("service_hall.reminder_days", 60, "应当是一组值"),
    ],
)
def test_a_value_no_rule_can_read_is_refused_with_an_example(key: str, value: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        set_parameter(actor=system(TENANT), key=key, value=value, source=SOURCE)

    assert not ParameterValue.objects.exists()


def test_a_value_counts_from_its_day_on_and_is_entered() -> None:
    tomorrow = local_date() + dt.timedelta(days=1)
    for value in ("20:00-09:00", "21:00-08:00"):
        set_parameter(actor=system(TENANT), key="notify.quiet_hours", value=value, source=SOURCE, valid_from=tomorrow)

    assert parameters.value("notify.quiet_hours", tenant=TENANT) == "22:00-07:00"
    assert parameters.value("notify.quiet_hours", tenant=TENANT, on=tomorrow) == "21:00-08:00"
    entries = ledger.entries_of(ObjectRef(kind="parameter", id="notify.quiet_hours"), TENANT)
    assert [(one.act, one.basis) for one in entries] == [("operations.parameter_set", SOURCE)] * 2


def test_nobody_sets_one_from_afar_without_a_basis_or_for_the_past() -> None:
    good = {"key": "identity.lock_after", "value": 4, "source": SOURCE}
    yesterday = local_date() - dt.timedelta(days=1)
    for refusal, changed in (
        (Invalid, {"source": " "}),
        (Invalid, {"valid_from": yesterday}),
        (NotFound, {"key": "nothing.here"}),
        (NotPermitted, {"actor": people.official("sys", "sys_admin")}),
    ):
        with pytest.raises(refusal):
            set_parameter(**{"actor": system(TENANT), **good, **changed})

    assert not ParameterValue.objects.exists()


def test_every_default_can_be_read() -> None:
    refused = {
        key: parameters.why_unreadable(one, one.default)
        for key, one in parameters.declared.items()
        if parameters.why_unreadable(one, one.default)
    }

    assert refused == {}


def test_the_command_lists_sets_and_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parameter", "set", "notify.quiet_hours", "夜里", "--source", SOURCE]) == 1
    assert "读不出来" in capsys.readouterr().err
    assert run(["parameter", "set", "notify.quiet_hours", "21:00-08:00", "--source", SOURCE]) == 0
    assert run(["parameter", "list", "notify.quiet"]) == 0
    assert '"21:00-08:00"' in capsys.readouterr().out
    assert run(["parameter", "set", "notify.quiet_hours"]) == 2
