"""Reading the town for the audit: rows over a connection of the database's superuser, files from the disk."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psycopg

from faults.audit import Records

#: the item for which the writers apply over the web, and whose approval always ends in a licence
ITEM = "1198072300720319364980131801000"

_SUBMITTED = "status in ('submitted', 'supplement', 'closed')"
_STEP_ACT = (
    "'cases.' || case when w.adhoc <> '' then 'adhoc' else w.phase end || '.' || w.outcome, w.case_id::text"
    " from cases_workitem w where w.status = 'done'"
)
_EXPECTED = (
    f"select 'service_hall.submit', id::text from service_hall_application where {_SUBMITTED}",
    "select 'cases.open', id::text from cases_case",
    f"select {_STEP_ACT}",
    "select 'documents.issue', id::text from documents_document where status <> 'draft'",
    "select 'notify.delivered', id::text from notify_mail where state = 'delivered'",
)
_ENTERED = (
    "select act, object_id from ledger_entry where act in"
    " ('service_hall.submit', 'cases.open', 'documents.issue', 'notify.delivered')"
    r" or act ~ '^cases\.(?!move\.|intervene\.)[a-z]+\.[a-z_]+$'"
)
_COUNTS = {
    "case of an application": "select subject_kind || ' ' || subject_id from cases_case",
    "paper of an object": "select kind || ' ' || subject_kind || ' ' || subject_id from documents_document"
    " where status <> 'draft'",
    "event of an act": "select name || ' ' || object_id || ' ' || coalesce(data ->> 'work_item_id', '')"
    " from kernel_outboxevent where name ~ '(step_opened|step_done|case_opened|case_closed|submitted|issued)'",
    "message about one thing": "select person_id || ' ' || object_id || ' ' || title || ' ' || md5(body)"
    " from notify_sitemessage",
}
_REPLACING = (
    "select kind || ' ' || subject_kind || ' ' || subject_id, 1 + count(supersedes_id) from documents_document"
    " where status <> 'draft' group by 1"
)
#: what neither moves nor waits for a person nor is visibly given up; %(now)s is the present of the town's own clock
_STUCK = {
    "event not told to everybody": "select name || ' ' || event_id || ' ' || last_error from kernel_outboxevent"
    " where delivered_at is null",
    "job that is due and not done": "select id || ' ' || task_name || ' ' || status || ' ' || args::text"
    " from procrastinate_jobs where status in ('todo', 'doing') and (scheduled_at is null or scheduled_at <= now())",
    "ledger entry that is not sealed": "select e.id || ' ' || e.act from ledger_entry e"
    " where not exists (select 1 from ledger_leaf l where l.entry_id = e.id)",
    "notice that is due and not sent": "select id || ' ' || channel || ' ' || state from notify_mail where state in"
    " ('waiting', 'retry', 'sending') and greatest(next_try_at, taken_until) < %(now)s - interval '60 seconds'",
    "open case with nothing to wait for": "select c.id::text from cases_case c where c.status = 'open' and not exists"
    " (select 1 from cases_workitem w where w.case_id = c.id and w.status = 'open') and not exists"
    " (select 1 from cases_processtimer t where t.case_id = c.id and t.fired_at is null and not t.off) and not exists"
    " (select 1 from procrastinate_jobs j where j.args ->> 'case_id' = c.id::text and j.status in"
    " ('todo', 'doing', 'failed'))",
    "open task of a closed case": "select w.id::text from cases_workitem w join cases_case c on c.id = w.case_id"
    " where w.status = 'open' and c.status = 'closed'",
    "application open after its case": "select a.id::text from service_hall_application a join cases_case c"
    " on c.id = a.case_id where a.status in ('submitted', 'supplement') and c.status = 'closed'",
    "application without its receipt": "select a.id::text from service_hall_application a where"
    f" a.{_SUBMITTED} and not exists (select 1 from documents_document d where d.kind = 'receipt'"
    " and d.subject_id = a.id::text) and not exists (select 1 from procrastinate_jobs j where"
    " j.args ->> 'application_id' = a.id::text and j.status in ('todo', 'failed'))",
    "licence without its OFD": "select d.id || ' ' || d.kind from documents_document d where d.status = 'issued'"
    " and d.kind = 'licence' and not exists (select 1 from documents_documentrendition r where r.document_id = d.id)"
    " and not exists"
    " (select 1 from procrastinate_jobs j where j.args ->> 'document_id' = d.id::text and j.status in"
    " ('todo', 'failed'))",
}
_GIVEN_UP = {
    "jobs": "select count(*) from procrastinate_jobs where status = 'failed'",
    "notices": "select count(*) from notify_mail where state in ('given_up', 'no_address')",
}


def records(
    connection: "psycopg.Connection[Any]", files: Path, *, town_now: Any, received: Mapping[str, int]
) -> Records:
    """Everything the audit compares; ``files`` is the town's folder of files, ``received`` mails by delivery."""

    def rows(statement: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return connection.execute(statement.encode(), values).fetchall()

    digests = {digest for (digest,) in rows("select distinct digest from kernel_storedfile")}
    spoilt = _without_bytes(digests, files)
    given = rows(
        "select m.application_id::text, m.material_key || ':' || f.digest, f.digest"
        " from service_hall_materialfile m join kernel_storedfile f on f.id = m.file_id"
    )
    counts: dict[str, Mapping[str, int]] = {what: Counter(key for (key,) in rows(sql)) for what, sql in _COUNTS.items()}
    counts["mail at its reader"] = dict(received)
    attempts = {str(key): int(number) for key, number in rows("select id, attempts from notify_mail")}
    return Records(
        submitted=dict(rows(f"select id::text, number from service_hall_application where {_SUBMITTED}")),
        files={(application, key) for application, key, digest in given if digest not in spoilt},
        steps=dict(rows("select id::text, outcome from cases_workitem where status = 'done'")),
        commands={key for (key,) in rows("select key from cases_commandkey")},
        opinions=Counter(key for (key,) in rows("select work_item_id::text from cases_opinion")),
        licensed={key for (key,) in rows("select subject_id from documents_document where kind = 'licence'")},
        approved=_approved(rows),
        without_bytes=sorted(spoilt),
        expected=Counter((act, key) for sql in _EXPECTED for act, key in rows(sql)),
        entered=Counter((act, key) for act, key in rows(_ENTERED)),
        counts=counts,
        allowed={"paper of an object": dict(rows(_REPLACING)), "mail at its reader": attempts},
        stuck={what: [key for (key,) in rows(sql, {"now": town_now})] for what, sql in _STUCK.items()},
        given_up={what: rows(sql)[0][0] for what, sql in _GIVEN_UP.items()},
    )


def waiting(connection: "psycopg.Connection[Any]", *, town_now: Any) -> dict[str, list[str]]:
    """What is under way still, by kind; empty where the town has come to rest."""
    found = defaultdict(list)
    for what, sql in _STUCK.items():
        for (key,) in connection.execute(sql.encode(), {"now": town_now}).fetchall():
            found[what].append(key)
    retried = (
        b"select id || ' ' || task_name || ' again at ' || scheduled_at from procrastinate_jobs where status = 'todo'"
    )
    found["job that waits for another try"] = [key for (key,) in connection.execute(retried).fetchall()]
    return {what: keys for what, keys in found.items() if keys}


def _approved(rows: Any) -> set[str]:
    found = rows(
        "select c.subject_id from cases_case c where c.outcome = 'approved' and c.item_code = %(item)s", {"item": ITEM}
    )
    return {key for (key,) in found}


def _without_bytes(digests: Iterable[str], files: Path) -> set[str]:
    """Digests under which the disk holds nothing, or something else."""
    return {digest for digest in digests if _digest_of(files / digest[:2] / digest[2:4] / digest) != digest}


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
