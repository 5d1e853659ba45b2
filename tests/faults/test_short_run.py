"""A short run of the exercise: all kinds of fault once; and what is then taken away or doubled by hand is counted."""

import pytest

from faults import acknowledged, audit, records
from faults.__main__ import Run, opened
from faults.plan import KILLS, OTHERS

pytestmark = [pytest.mark.full, pytest.mark.timeout(2400)]


_AGAIN = (
    "insert into {table} select (jsonb_populate_record(m, jsonb_build_object('id', {key}))).* from {table} m"
    " order by m.id limit 1"
)
#: what is done to the town's rows → what the audit has to call it, and where
_HARM = {
    "delete from service_hall_application where status = 'submitted'": ("lost", "acknowledged submit"),
    "delete from service_hall_materialfile": ("lost", "acknowledged upload"),
    "delete from cases_opinion": ("lost", "acknowledged step"),
    "delete from cases_commandkey": ("lost", "acknowledged step"),
    "delete from ledger_entry where act = 'service_hall.submit'": ("lost", "act without its ledger entry"),
    "delete from documents_document where kind = 'licence'": ("lost", "approved without a licence"),
    "update kernel_outboxevent set delivered_at = null": ("stuck", "event not told to everybody"),
    "delete from ledger_leaf": ("stuck", "ledger entry that is not sealed"),
    "update cases_workitem set status = 'cancelled' where status = 'open'": (
        "stuck", "open case with nothing to wait for"
    ),
    _AGAIN.format(table="notify_sitemessage", key="gen_random_uuid()"): (
        "doubled", "two of one message about one thing"
    ),
    _AGAIN.format(table="cases_opinion", key="gen_random_uuid()"): ("doubled", "two opinions on one task"),
}  # fmt: skip


def judged(run: Run, harm: str = "") -> audit.Verdict:
    """What the audit says of the town as it stands, or would stand with its rows harmed past every trigger."""
    acts = acknowledged.read([run.log.path, *run.helpers.logs])
    with run.town.database() as connection, connection.transaction(force_rollback=True):
        connection.execute("set local session_replication_role = replica")
        if harm:
            connection.execute(harm.encode())
        found = records.records(connection, run.town.files, town_now=run.town.now(), received=run.posts.received)
    return audit.audit(acts, found)


def test_a_short_run_finds_nothing_and_the_audit_finds_what_is_changed(tmp_path):
    tmp_path.parent.chmod(0o711)
    tmp_path.chmod(0o711)
    with opened(tmp_path, kills=12, seed=11) as run:
        run.open()
        run.strike_all()
        outcome = run.close()

        assert outcome.passed, (outcome.line, outcome.verdict, outcome.troubles, outcome.ledger)
        assert set(outcome.kills) == set(KILLS)
        assert set(outcome.others) == set(OTHERS)
        assert min(outcome.acts[act] for act in ("submit", "upload", "step")) > 0

        for harm, (where, what) in _HARM.items():
            assert what in {finding.what for finding in getattr(judged(run, harm), where)}, harm
        spoilt = next(path for path in run.town.files.rglob("*") if path.is_file())
        spoilt.write_bytes(spoilt.read_bytes()[:-1])
        assert [finding.what for finding in judged(run).lost] == ["stored file without its bytes"]
