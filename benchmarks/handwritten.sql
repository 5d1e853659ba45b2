-- The same case as a programmer would write it by hand: the least that a work list, a case file and a history need.
-- No ledger, no outbox, no legal clock, no permissions, no drawing that a department can change.
create schema bench;

create table bench.case_file (
    id uuid primary key,
    number text not null unique,
    title text not null,
    item_code text not null,
    org_id uuid not null,
    org_name text not null,
    status text not null,
    outcome text not null default '',
    variables jsonb not null,
    rev integer not null default 0,
    created_at timestamptz not null,
    closed_at timestamptz
);

create table bench.work_item (
    id uuid primary key,
    case_id uuid not null references bench.case_file,
    node text not null,
    step text not null,
    role text not null,
    org_id uuid not null,
    org_name text not null,
    status text not null,
    outcome text not null default '',
    opinion text not null default '',
    opened_at timestamptz not null,
    due_at timestamptz,
    done_at timestamptz,
    done_by text not null default ''
);
create index on bench.work_item (case_id);
create index on bench.work_item (org_id, role, due_at) where status = 'open';

create table bench.event (
    id bigint generated always as identity primary key,
    case_id uuid not null references bench.case_file,
    kind text not null,
    data jsonb not null,
    at timestamptz not null
);
create index on bench.event (case_id);

-- The peer's saved state: one row a case.
create table bench.saved_state (
    id uuid primary key,
    state text not null,
    rev integer not null default 0,
    status text not null default 'open'
);

-- The ledger's rows in plain tables, indexed alike, without triggers.
create table bench.entry (like ledger_entry including all excluding identity);
create sequence bench.entry_number;
create table bench.payload (like ledger_payload including all);

-- Events waiting for a hand-written relay.
create table bench.outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null unique,
    name text not null,
    data jsonb not null,
    delivered_at timestamptz
);
create index on bench.outbox (id) where delivered_at is null;
create table bench.inbox (subscriber text not null, event_id uuid not null, primary key (subscriber, event_id));

grant usage on schema bench to zt_app;
grant usage on sequence bench.entry_number to zt_app;
grant select, insert, update, delete on all tables in schema bench to zt_app;
