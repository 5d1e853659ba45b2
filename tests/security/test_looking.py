"""Looking changes nothing: no address acts when it is opened, whoever may open it."""

import pytest
from django.test import Client

from tests.security.surface import ADDRESSES, changed, examples, held
from tests.tenants.county import County
from zhengtong.capabilities.identity.tests import factories

#: what a reading itself leaves behind
TRACES = {
    "documents.DocumentRendition": "the OFD of a paper in force, made from its PDF when somebody first asks for it",
    "kernel.StoredFile": "the same: its content",
    "trust.SealUse": "the same: it bears the seal of the paper, and each use of a seal is written down",
    "trust.TimestampRecord": "the same: when",
    "ledger.Entry": "that a matter was read, with its purpose",
    "ledger.Payload": "the same",
    "kernel.Attempt": "a made-up link is counted, so that guessing is slowed down",
}


@pytest.mark.full
@pytest.mark.timeout(900)
def test_looking_changes_nothing(counties: tuple[County, County]) -> None:
    own = counties[0]
    with own.here():
        roles = ("reviewer", "counter", "hall_manager", "item_admin", "item_editor", "legal_reviewer")
        people = own.people | {"business": factories.official("business", *roles, org_code="G22", post="综合岗")}
        clients = {name: factories.sign_in(Client(raise_request_exception=False), who) for name, who in people.items()}
        for client in clients.values():
            client.get("/")
        before = held(own.code)
        opened = 0
        for address in ADDRESSES.values():
            missing = set(address.policy.roles) if address.policy.kind == "roles" else {"citizen", "clerk"}
            for name, actor in people.items():
                if not missing & actor.roles:
                    continue
                missing -= actor.roles
                for path, _real in examples(address, own.code, most=1):
                    answer = clients[name].get(path)
                    opened += answer.status_code == 200
                    assert answer.status_code < 500, path
        after = held(own.code)

    assert changed(before, after) == []
    assert {label for label, _key in set(after) - set(before)} <= set(TRACES)
    assert opened > 250
