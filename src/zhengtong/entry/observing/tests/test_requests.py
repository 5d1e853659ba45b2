"""Every request has a number: in the answer, on pages of errors, in every line of the log written meanwhile."""

import json
import logging
import re
import time
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from zhengtong.capabilities.identity.tests.factories import official, sign_in
from zhengtong.entry.observing import requests
from zhengtong.entry.observing.pulse import pulse
from zhengtong.entry.observing.requests import HEADER, RequestLogMiddleware
from zhengtong.entry.observing.shapes import shape_of
from zhengtong.kernel import tracing

NUMBER = re.compile(r"[3-9A-Y]{4}-[3-9A-Y]{4}-[3-9A-Y]{4}")
log = logging.getLogger("zhengtong.test")


@pytest.fixture
def lines(caplog):
    """The lines of the log as a formatter writes them, while their request runs."""
    found: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record):
            found.append(self.format(record))

    keeper = Keeper()
    keeper.setFormatter(tracing.Lines())
    logging.getLogger("zhengtong").addHandler(keeper)
    yield found
    logging.getLogger("zhengtong").removeHandler(keeper)


def answered(request):
    def view(_request):
        log.info("at work")
        return HttpResponse("done")

    return RequestLogMiddleware(view)(request)


def test_a_number_is_made_sent_back_and_written_into_every_line(lines):
    answer = answered(RequestFactory().get("/somewhere/"))

    number = answer.headers[HEADER]
    assert NUMBER.fullmatch(number)
    assert len(lines) == 2
    assert all(f"[{number}]" in line for line in lines)
    assert tracing.number() == ""


def test_a_thousand_numbers_differ():
    assert len({tracing.new_number() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("given", "sender", "taken"),
    [
        ("edge-1234567890", "127.0.0.1", True),
        ("edge-1234567890", "203.0.113.9", False),
        ("short", "127.0.0.1", False),
        ("with space inside", "127.0.0.1", False),
        ("forged\nline-1234567", "127.0.0.1", False),
        ("x" * 65, "127.0.0.1", False),
        ("<script>alert(1)</script>", "127.0.0.1", False),
    ],
)
def test_a_number_is_taken_from_a_trusted_proxy_and_only_when_well_formed(given, sender, taken):
    request = RequestFactory().get("/", REMOTE_ADDR=sender)
    request.META["HTTP_X_REQUEST_ID"] = given

    answer = answered(request)

    assert (answer.headers[HEADER] == given) is taken


@pytest.mark.django_db
def test_a_page_of_an_error_shows_the_number_that_the_answer_bears(client):
    answers = [client.get("/nowhere/at/all/"), client.get("/supervision/rules/new/")]
    sign_in(client, official("somebody", "clerk"))
    answers += [client.get("/console/")]

    for answer in (answers[0], answers[2]):
        page = answer.content.decode()
        assert answer.status_code in {403, 404}
        assert "错误编号" in page
        assert answer.headers[HEADER] in page


@pytest.mark.django_db
def test_a_fault_shows_the_number_under_which_the_log_has_it(lines, monkeypatch):
    def broken(*_given, **_named):
        raise RuntimeError("broken")

    monkeypatch.setattr("zhengtong.entry.console.views.findings", broken)
    client = sign_in(Client(raise_request_exception=False), official("keeper", "sys_admin"))

    answer = client.get("/console/")

    number = answer.headers[HEADER]
    assert answer.status_code == 500
    assert f"<strong>{number}</strong>" in answer.content.decode()
    assert any(f"[{number}]" in line and "RuntimeError: broken" in line for line in lines)


@pytest.mark.django_db
def test_the_line_of_a_request_says_route_policy_and_cost_but_nothing_of_a_person(client, lines):
    sign_in(client, official("keeper", "sys_admin"))
    lines.clear()

    client.get("/console/backups/?phone=13900001111&name=somebody")
    client.get("/verify/A-SECRET-CODE-1234/")

    access = [line for line in lines if "zhengtong.access" in line]
    console, verify = (next(line for line in access if word in line) for word in ("console:", "documents:"))
    assert re.search(r"GET 200 console:backups /console/backups/ \d+ ms [1-9]\d* sql .*sys_admin", console)
    assert "SECRET" not in verify
    assert not any("13900001111" in line or "somebody" in line for line in lines)


def test_lines_are_json_where_the_setting_says_so():
    record = logging.LogRecord("zhengtong.access", logging.INFO, "", 1, "%s", ("好",), None)
    record.route, record.millis = "portal:home", 12

    with tracing.within("4F7K-9QWE-3TXA"):
        body = json.loads(tracing.JsonLines().format(record))

    assert (body["number"], body["message"]) == ("4F7K-9QWE-3TXA", "好")
    assert (body["route"], body["millis"]) == ("portal:home", 12)


@pytest.mark.django_db
def test_statements_are_counted_by_page_without_their_values(client):
    pulse.tally.forget_statements()
    sign_in(client, official("keeper", "sys_admin"))

    client.get("/console/backups/")

    found = pulse.tally.content()
    mine = {key.split("\t")[1]: row for key, row in found["statements"].items() if key.startswith("console:backups\t")}
    assert mine
    assert any(key == "console:backups\t2xx" for key in found["requests"])
    assert not any("keeper" in text for text in mine)
    assert all(row[0] >= 1 and row[1] >= row[2] >= 0 for row in mine.values())


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("select a from b where c in (%s, %s, %s)", "select a from b where c in (%s, …)"),
        ("insert into t (a, b) values (%s, %s), (%s, %s)", "insert into t (a, b) values (%s, …), …"),
        ("select 1 from t where name = '王某某'", "select %s from t where name = '…'"),
        ("select 1 from t where status = 'todo' limit 21", "select %s from t where status = 'todo' limit %s"),
        ("select a from t where phone = '13900001111'", "select a from t where phone = '…'"),
        ('SAVEPOINT "s140_x12"', "SAVEPOINT"),
        ("update t\n   set a = $1  where b = $22", "update t set a = %s where b = %s"),
    ],
)
def test_the_shape_of_a_statement_holds_no_value(text, shape):
    assert shape_of(text) == shape


def test_statements_beyond_a_number_are_counted_as_one(monkeypatch):
    from zhengtong.entry.observing import tallies

    monkeypatch.setattr(tallies, "_MOST_STATEMENTS", 10)
    tally = tallies.Tally()

    tally.heard("page", [(f"select {chr(97 + n % 26)}{n}x from t", 0.001) for n in range(40)])

    assert len(tally.statements) == 11
    assert sum(row[0] for row in tally.statements.values()) == 40


def test_a_request_costs_little(monkeypatch, tmp_path):
    """Number, line, counts and six statements: measured without the writing of the line to a terminal."""
    monkeypatch.setattr(requests.log, "handlers", [logging.NullHandler()])
    monkeypatch.setattr(requests.log, "propagate", False)

    def view(_request):
        for n in range(6):
            requests.pulse  # noqa: B018  (as far from nothing as a view of ours)
            for wrapper in connection.execute_wrappers:
                wrapper(lambda *_given: None, f"select {n} from t where a = %s", [1], False, {})
        return HttpResponse("x")

    middleware, request = RequestLogMiddleware(view), RequestFactory().get("/x/")
    middleware(request)
    begun = time.perf_counter()
    for _ in range(500):
        middleware(request)
    each = (time.perf_counter() - begun) / 500

    assert each < 0.001, f"{each * 1e6:.0f} µs"


def test_a_log_that_has_grown_is_put_aside_and_the_process_writes_on(tmp_path: Path) -> None:
    from zhengtong.entry.runtime.supervisor import trim

    log_file = tmp_path / "web.log"
    with log_file.open("ab") as held:
        for round_number in range(6):
            held.write(f"{round_number}".encode() * 100)
            held.flush()
            trim(log_file, limit=50)

    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["web.log", "web.log.1", "web.log.2", "web.log.3", "web.log.4"]
    assert log_file.read_bytes() == b""
    assert (tmp_path / "web.log.1").read_bytes() == b"5" * 100
    assert (tmp_path / "web.log.4").read_bytes() == b"2" * 100
