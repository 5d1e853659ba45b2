"""Every act, that is every address that takes what is sent, is tried by a sweep, or it is said which test sends it."""

import re

import pytest
from django.test import Client

from tests.bad_input import addresses
from tests.bad_input.ground import Ground
from tests.bad_input.test_addresses import clients, first_holder
from tests.bad_input.test_every_form import WHO, forms_seen_by
from tests.fitness.tree import REPOSITORY
from tests.journeys.addresses import Address
from tests.security.surface import parts_of
from tests.security.test_identifiers import TRIED_ELSEWHERE

#: acts that stand on no page of the county of these tests: what sends them
SENT_BY = {
    "account_agree": "src/zhengtong/capabilities/identity/tests/test_web_oidc_agreement.py",
    "account_end_other_sessions": "src/zhengtong/capabilities/identity/tests/test_web_sessions.py",
    "account_end_session": "src/zhengtong/capabilities/identity/tests/test_web_sessions.py",
    "account_logout": "tests/security/test_sessions.py",
    "account_recover_finish": "src/zhengtong/capabilities/identity/tests/test_web_recovery.py",
    "account_remove_passkey": "src/zhengtong/capabilities/identity/tests/test_web_passkeys.py",
    "catalogue_desk:desk_successions": "src/zhengtong/capabilities/catalogue/tests/test_web_reviewing.py",
    "complaints:result_act": "src/zhengtong/systems/complaints/tests/test_web.py",
    "console:maintenance-end": "src/zhengtong/entry/upkeep/tests/test_maintenance.py",
    "disclosure:opinion": "src/zhengtong/systems/disclosure/tests/test_web.py",
    "disclosure:result_act": "src/zhengtong/systems/disclosure/tests/test_web.py",
    "exchange:resend-rows": "src/zhengtong/capabilities/exchange/tests/test_web.py",
    "idp:oidc:revoke": "src/zhengtong/capabilities/identity/tests/test_web_oidc_refresh.py",
    "idp:oidc:token": "src/zhengtong/capabilities/identity/tests/test_web_oidc_refresh.py",
    "idp:oidc:userinfo": "src/zhengtong/capabilities/identity/tests/test_web_oidc_refresh.py",
    "ledger:cosignatures": "src/zhengtong/capabilities/ledger/tests/test_web_public.py",
    "opinions:fill": "src/zhengtong/systems/opinions/tests/test_web.py",
    "opinions:poll": "src/zhengtong/systems/opinions/tests/test_web.py",
    "opinions:poll_act": "src/zhengtong/systems/opinions/tests/test_web.py",
    "opinions:send": "src/zhengtong/systems/opinions/tests/test_web.py",
    "opinions:topic_act": "src/zhengtong/systems/opinions/tests/test_web.py",
    "payments:callback": "tests/bad_input/entrances.py",
    "payments:simulated": "src/zhengtong/capabilities/payments/tests/test_web.py",
    "ratings:ask_device": "src/zhengtong/capabilities/ratings/tests/test_web_rating.py",
    "ratings:device_call": "src/zhengtong/capabilities/ratings/tests/test_services_devices.py",
    "ratings:device_rate": "src/zhengtong/capabilities/ratings/tests/test_services_devices.py",
    "ratings:link": "src/zhengtong/capabilities/ratings/tests/test_web_rating.py",
    "ratings:tablet": "src/zhengtong/capabilities/ratings/tests/test_web_rating.py",
    "service_centre:attendants": "src/zhengtong/systems/service_centre/tests/test_web.py",
    "service_centre:book": "tests/bad_input/test_at_once.py",
    "service_centre:closures": "src/zhengtong/systems/service_centre/tests/test_web.py",
    "service_centre:here": "src/zhengtong/systems/service_centre/tests/test_web.py",
    "service_centre:kiosk": "tests/bad_input/test_at_once.py",
    "service_centre:kiosk_appointment": "tests/bad_input/test_at_once.py",
    "service_centre:kiosk_zone": "src/zhengtong/systems/service_centre/tests/test_web.py",
    "service_centre:place_settings": "src/zhengtong/systems/service_centre/tests/test_web_managing.py",
    "service_centre:renew_kiosk": "src/zhengtong/systems/service_centre/tests/test_web.py",
    "service_centre:roster": "src/zhengtong/systems/service_centre/tests/test_web_managing.py",
    "service_centre:roster_copy": "src/zhengtong/systems/service_centre/tests/test_web_managing.py",
    "service_centre:slots": "src/zhengtong/systems/service_centre/tests/test_web_managing.py",
    "service_centre:ticket_cancel": "src/zhengtong/systems/service_centre/tests/test_web.py",
    "service_centre:windows": "src/zhengtong/systems/service_centre/tests/test_web_managing.py",
    "service_hall:counter-take-in": "src/zhengtong/systems/service_hall/tests/test_web_counter.py",
    "service_hall:courier-report": "tests/bad_input/entrances.py",
    "service_hall:desk-batch": "src/zhengtong/systems/service_hall/tests/test_web_desk_batch.py",
    "service_hall:desk-batch-decisions": "src/zhengtong/systems/service_hall/tests/test_web_desk_batch.py",
    "service_hall:papers": "src/zhengtong/systems/service_hall/tests/test_web_counter.py",
    "supervision:bulk_new": "src/zhengtong/systems/supervision/tests/test_web_desk.py",
    "supervision:confirm_many": "src/zhengtong/systems/supervision/tests/test_web_desk.py",
    "supervision:explain_many": "src/zhengtong/systems/supervision/tests/test_web_desk.py",
    "supervision:rule_redraft": "src/zhengtong/systems/supervision/tests/test_drafts.py",
    "supervision:rule_retire": "src/zhengtong/systems/supervision/tests/test_drafts.py",
    "supervision_scores:compute": "src/zhengtong/systems/supervision/tests/test_scores_web.py",
    "supervision_scores:freeze": "src/zhengtong/systems/supervision/tests/test_scores_web.py",
    "supervision_scores:redraft": "src/zhengtong/systems/supervision/tests/test_scores_web.py",
    "trust:status": "src/zhengtong/capabilities/trust/tests/test_revocation.py",
    "trust:status_by_get": "src/zhengtong/capabilities/trust/tests/test_revocation.py",
    "trust:timestamp": "src/zhengtong/capabilities/trust/tests/test_timestamps.py",
}


def takes_what_is_sent(one: Address, client: Client) -> bool:
    """True where POST is among the methods the address names when it is asked with none of them."""
    answer = client.generic("PROPFIND", one.example)
    return "POST" in answer.headers.get("Allow", "")


def tried_with_keys(one: Address) -> bool:
    """True for what ``tests/security/test_identifiers.py`` sends with the key of a thing there is."""
    return "uuid" in dict(parts_of(one)) and one.policy.kind != "public" and one.name not in TRIED_ELSEWHERE


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_every_act_is_tried_or_it_is_said_where(ground: Ground) -> None:
    known = clients(ground)
    acts = [one for one in addresses.every() if takes_what_is_sent(one, known[first_holder(one, known)])]
    reached = {form.view for who in WHO for form in forms_seen_by(ground, who)[1]}

    open_ = {one.name for one in acts if one.name not in reached and not tried_with_keys(one)}

    assert len(acts) > 200
    assert len(reached) > 60
    assert open_ == set(SENT_BY)


def test_each_test_that_is_named_sends_the_act() -> None:
    known = {one.name: one for one in addresses.every()}
    for name, path in SENT_BY.items():
        text = (REPOSITORY / path).read_text(encoding="utf-8")
        said = (name.rpartition(":")[2], known[name].route.partition("<")[0])
        assert any(one in text for one in said), (name, path)
        assert re.search(r"\bpost\w*\(|POST", text), (name, path)
