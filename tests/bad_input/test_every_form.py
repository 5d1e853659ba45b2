"""Every form a person comes to, sent twice and full of hostile text: nothing is done twice, nothing fails."""

import itertools
import re
import sys
from typing import Any

import pytest
from django.test import Client

from tests.bad_input.browsing import Form, all_forms
from tests.bad_input.ground import PEOPLE, Ground, changed, rows_of_all_tables
from tests.bad_input.throwing import Thrown

WHO = ["", "citizen", "stranger", *PEOPLE, "second", "elsewhere"]
SCRIPT = '"><script>alert(1)</script>'
#: what a second press may write after all
ATTEMPTS_ARE_COUNTED = {
    "account_login", "account_step_up", "account_reauthenticate", "mfa_reauthenticate", "account_merge",
    "account_change_password", "complaints:find", "service_hall:track", "ratings:tablet_bind", "account_recover",
    "documents:verify", "mfa_activate_totp", "disclosure:find", "opinions:find",
}  # fmt: skip
EACH_READING_IS_ENTERED = {
    "service_hall:my-copy", "service_hall:desk-consult", "complaints:act identity", "disclosure:act identity",
    "opinions:topic_act contact",
}  # fmt: skip
#: counting begins anew; the password shown last is the one that holds
DONE_AGAIN_ON_PURPOSE = {
    "payments:reconcile", "service_hall:desk-practice-sample", "console:statements-reset",
    "administration:account_act reset-password",
}  # fmt: skip
THE_TIME_OF_SAVING = {"service_hall:section"}
#: each choice is entered; a page scanned twice is seen on the page and taken away there
SEEN_AND_HARMLESS = {"account_choose_identity", "service_hall:scan-pages", "tasks:set_routing"}
FREE = SEEN_AND_HARMLESS | ATTEMPTS_ARE_COUNTED | EACH_READING_IS_ENTERED | DONE_AGAIN_ON_PURPOSE | THE_TIME_OF_SAVING
LEDGER = {"ledger_entry", "ledger_payload"}
HOSTILE = {
    "script": SCRIPT,
    "sql": "'; drop table cases_case; --",
    "nul": "甲\0乙",
    "10 000 characters": "长" * 10_000,
    "impossible day": "2026-02-31",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "first moment": "0001-01-01T00:00",
    "last moment": "9999-12-31T23:59",
    "huge number": "9" * 400,
    "float overflow": "1e309",
    "nan": "NaN",
    "negative": "-1",
    "full-width digits": "２０２６",
    "superscript": "²",
    "rare characters": "𠮷𪚥𬺰👨‍👩‍👧\u202egnp.exe",
    "control": "a\x01\x0b\x1b\x7f\u200b\ufeffb",
    "formula": '=HYPERLINK("http://attacker.example";"x")',
    "empty": "",
    "spaces": " \u3000\t\n ",
    "lines": "\r\n".join(["行"] * 3000),
}
_RAW = re.compile(r"<script>alert\(1\)</script>")


#: whose forms every run throws; a full run throws everybody's
IN_EVERY_RUN = ("", "citizen", "clerk")


def often(who: str) -> Any:
    """A parameter of every run, or of full runs only."""
    return pytest.param(who, marks=[] if who in IN_EVERY_RUN else [pytest.mark.full], id=who or "nobody")


def roles_of(ground: Ground, who: str) -> frozenset[str]:
    if not who:
        return frozenset()
    return frozenset(ground.people[who].roles) or frozenset({"citizen"})


def forms_seen_by(ground: Ground, who: str) -> tuple[Client, list[Form]]:
    client = ground.client(who)
    return client, all_forms(client, roles_of(ground, who), tuple(starts(ground, who)))


def starts(ground: Ground, who: str) -> list[str]:
    """Pages one comes to by a message or a bookmark."""
    if who == "citizen":
        return [f"/services/applications/{row.id}/" for row in ground.rows.values() if hasattr(row, "item_code")]
    return []


@pytest.mark.parametrize("who", [often(who) for who in WHO])
def test_what_is_sent_twice_is_done_once(ground: Ground, who: str) -> None:
    client, forms = forms_seen_by(ground, who)
    doubled: list[str] = []
    thrown = Thrown()

    for form in forms:
        sent = form.filled()

        def twice(form: Form = form, sent: dict[str, Any] = sent) -> Any:
            first = form.send(client, sent)
            between = rows_of_all_tables()
            second = form.send(client, sent)
            more = changed(between)
            shown = second.status_code != 302 and set(more) <= LEDGER  # personal data shown once more
            # pages put behind a file come once more with a second press: seen in the file, and taken away there
            behind = any(field.name == "behind" for field in form.fields)
            free = {form.view, f"{form.view} {form.action.rstrip('/').rpartition('/')[2]}"} & FREE
            if more and not shown and not behind and not free:
                doubled.append(
                    f"{form.view} {form.action} {form.button} {first.status_code}/{second.status_code} {more}"
                )
            return second

        thrown.throw(f"{who} {form.view} {form.action} {form.button}", twice, client)

    thrown.say()
    assert not doubled, "\n".join(doubled)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("who", "names"),
    [
        pytest.param("clerk", ("script",), id="clerk-script"),
        *(pytest.param(who, tuple(HOSTILE), marks=pytest.mark.full, id=who or "nobody") for who in WHO),
    ],
)
def test_hostile_text_in_every_field_of_every_form(ground: Ground, who: str, names: tuple[str, ...]) -> None:
    client, forms = forms_seen_by(ground, who)
    thrown, raw = Thrown(), list[str]()

    for name in names:
        for form in forms:
            throw(thrown, raw, client, form, form.filled(HOSTILE[name]), f"{who} {name}")

    tell(f"{who or 'nobody'}: {len(forms)} forms, {thrown.sent} sent, {len(thrown.faults)} faults")
    thrown.say()
    assert not raw
    assert len(forms) >= 3


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("who", [pytest.param(who, id=who or "nobody") for who in WHO])
def test_one_hostile_field_among_ordinary_ones(ground: Ground, who: str) -> None:
    """What refuses another field before does not hide this one; fields nobody types into are forged as well."""
    client, forms = forms_seen_by(ground, who)
    thrown, raw, values = Thrown(), list[str](), itertools.cycle(HOSTILE.items())

    for form in forms:
        for field in form.fields:
            if field.kind != "file":
                name, value = next(values)
                sent = form.filled(changes={field.name: [value]})
                throw(thrown, raw, client, form, sent, f"{who} {field.name}={name}")

    tell(f"{who or 'nobody'}: {len(forms)} forms, {thrown.sent} fields, {len(thrown.faults)} faults")
    thrown.say()
    assert not raw


def throw(thrown: Thrown, raw: list[str], client: Client, form: Form, sent: dict[str, Any], what: str) -> None:
    """Send a form, and look at the page that follows and at the one it stood on; ``raw`` takes unescaped script."""

    def send() -> Any:
        answer = form.send(client, sent)
        pages = [answer]
        if answer.status_code == 302:
            pages += [client.get(answer["Location"]), client.get(form.page)]
        raw.extend(f"{form.view} at {form.page}" for page in pages if _RAW.search(_body(page)))
        return next((page for page in pages if page.status_code == 500), answer)

    thrown.throw(f"{what} {form.view} {form.action} {form.button}", send, client)


def tell(line: str) -> None:
    """Figures of a run, shown with ``-s``."""
    sys.stdout.write(f"\n{line}\n")


def _body(page: Any) -> str:
    return "" if getattr(page, "streaming", False) else page.content.decode("utf-8", "replace")
