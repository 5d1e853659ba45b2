"""An identifier opens nothing by itself: every address is tried with keys of what belongs to others."""

import dataclasses
from collections.abc import Collection, Iterator

import pytest
from django.test import Client
from django.urls import resolve

from tests.fitness.tree import REPOSITORY
from tests.journeys.addresses import Address
from tests.security.surface import ADDRESSES, changed, examples, held, parts_of
from tests.tenants.county import County
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor

_BUSINESS = ("clerk", "reviewer", "leader", "counter", "hall_manager", "item_editor")
_WATCHING = ("supervisor", "item_admin", "legal_reviewer", "process_admin")
#: what a form of an act usually asks for, and what no form may take
_SENT = {
    "reason": "试一试能不能办",
    "opinion": "同意",
    "outcome": "approve",
    "decision": "approve",
    "act": "approve",
    "text": "试一试能不能办",
    "purpose": "试一试能不能办",
    "confirm": "1",
}
#: addresses whose objects the county does not have: who else is refused is tried by these tests of the app
TRIED_ELSEWHERE = {
    "account_end_certificate": "src/zhengtong/capabilities/identity/tests/test_web_certificates.py",
    "exchange:download": "src/zhengtong/capabilities/exchange/tests/test_web.py",
    "exchange:package": "src/zhengtong/capabilities/exchange/tests/test_web.py",
    "exchange:resend": "src/zhengtong/capabilities/exchange/tests/test_web.py",
    "payments:settle": "src/zhengtong/capabilities/payments/tests/test_web.py",
    "service_hall:follow_up": "src/zhengtong/systems/service_hall/tests/test_web_special.py",
    "service_hall:follow_up_act": "src/zhengtong/systems/service_hall/tests/test_web_special.py",
    "sites_desk:inspected": "src/zhengtong/systems/sites/tests/test_inspection_pages.py",
    "sites_desk:league_rows": "src/zhengtong/systems/sites/tests/test_inspection_pages.py",
    "sites_desk:work_report": "src/zhengtong/systems/sites/tests/test_work_report.py",
    "sites_desk:work_report_rows": "src/zhengtong/systems/sites/tests/test_work_report.py",
    "supervision:card_paper": "src/zhengtong/systems/supervision/tests/test_web.py",
    "supervision:decide_measure": "src/zhengtong/systems/supervision/tests/test_web.py",
}


#: what any window of a county does for whoever stands at it, whatever its unit; the reading is entered or masked
ANY_WINDOW = {"account_guardianship", "service_hall:delivery-label"}


@dataclasses.dataclass
class Attempt:
    """What people found with the keys of others: (address, who, status), and which addresses had a key to try."""

    found: list[tuple[str, str, int]]
    real: dict[str, bool]


def _attempt(people: dict[str, Actor], tenant: str, marks: Collection[str]) -> Attempt:
    """Try every address that names something of a county; ``marks`` are words nobody of these people may read.

    Only what somebody of the people could send counts as tried.
    """
    clients = {name: factories.sign_in(Client(raise_request_exception=False), who) for name, who in people.items()}
    attempt = Attempt([], {})
    for address in ADDRESSES.values():
        if address.fixed or address.policy.kind == "public" or "uuid" not in dict(parts_of(address)):
            continue
        for path, real in examples(address, tenant, most=1):
            for name in _admitted(address, people):
                attempt.real[address.name] = attempt.real.get(address.name, False) or real
                for method, status, text in _answers(clients[name], path):
                    if status >= 500 or any(mark in text for mark in marks):
                        attempt.found.append((path, f"{method} by {name}", status))
    return attempt


def _admitted(address: Address, people: dict[str, Actor]) -> Iterator[str]:
    """One of the people for every role the address is for; all sorts of them where signing in is enough."""
    if address.policy.kind == "signed_in":
        yield from (name for name in people if name.startswith(("citizen", "business")))
        return
    missing = set(address.policy.roles)
    for name, actor in people.items():
        if missing & actor.roles:
            missing -= actor.roles
            yield name


def _answers(client: Client, path: str) -> Iterator[tuple[str, int, str]]:
    for method, given in (("get", None), ("post", _SENT)):
        answer = getattr(client, method)(path, given)
        readable = not answer.streaming and answer.get("Content-Type", "").startswith(("text/", "application/json"))
        yield method, answer.status_code, answer.content.decode() if readable else ""


def test_each_test_that_is_named_asks_the_address() -> None:
    for name, path in TRIED_ELSEWHERE.items():
        assert name in ADDRESSES
        assert name.rpartition(":")[2] in (REPOSITORY / path).read_text(encoding="utf-8"), (name, path)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_nobody_of_another_county_reaches_anything_by_its_identifier(filled_counties: tuple[County, County]) -> None:
    other, own = filled_counties
    with own.here():
        people = dict(own.people)
        for name, roles in (("business", _BUSINESS), ("watching", _WATCHING), ("operating", ("application_operator",))):
            people[name] = factories.official(name, *roles, org_code="G99", org_name="白水县档案馆", post=f"{name}岗")
        before = held(other.code)

        attempt = _attempt(people, other.code, [other.name, other.surname])

        after = held(other.code)
    assert attempt.found == []
    assert changed(before, after) == []
    assert set(after) == set(before)
    assert sum(attempt.real.values()) >= 250
    assert {name for name, real in attempt.real.items() if not real} == set(TRIED_ELSEWHERE)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_nobody_reaches_the_matters_of_another_citizen_or_unit(filled_counties: tuple[County, County]) -> None:
    own = filled_counties[0]
    with own.here():
        people = {
            "citizen": factories.citizen("红某二", number=factories.citizen_number(78), phone="13900000002"),
            "business": factories.official(
                "outsider", *_BUSINESS, org_code="G99", org_name="红土县档案馆", post="综合岗"
            ),
        }
        mine = {("identity.Account", factories.account_of(who).pk) for who in people.values()}
        before = held(own.code)

        attempt = _attempt(people, own.code, ["红某一", "13800000001", "红土县老街面馆"])

        after = held(own.code)
        control = _attempt({"citizen": own.people["citizen"]}, own.code, ["红某一", "红土县老街面馆"])
    assert [one for one in attempt.found if resolve(one[0]).view_name not in ANY_WINDOW] == []
    assert [key for key in changed(before, after) if key not in mine] == []
    assert {path.split("/")[1] for path, _who, _status in control.found} >= {"services", "papers"}
