"""User names are unique in a county; failures are found by address. Built beside the running town, then put in place."""

from django.db import migrations, models

# this migration is no transaction; each statement may be run again when it was broken off. An index whose building
# was broken off stays, not valid, and "if not exists" would take it for made.
_BROKEN_OFF = """
do $$ declare name text; begin
    foreach name in array array['identity_account_username_once', 'identity_sign_in_source'] loop
        if exists (select from pg_index where indexrelid = to_regclass(name) and not indisvalid) then
            execute format('drop index %I', name);
        end if;
    end loop;
end $$"""
_ONCE = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create unique index concurrently if not exists identity_account_username_once
on identity_account (tenant, username)"""
# the index stands already, so this looks at no row; a check named like it would be in the way, there is none
_NAMED = """-- squawk-ignore ban-drop-constraint
do $$ begin
    if not exists (select 1 from pg_constraint where conname = 'identity_account_username_once') then
        alter table identity_account add constraint identity_account_username_once
            unique using index identity_account_username_once;
    end if;
end $$"""
_FORMER = """-- squawk-ignore ban-drop-constraint
alter table identity_account drop constraint if exists identity_account_username_key"""
_FORMER_BEGINNINGS = "drop index concurrently if exists identity_account_username_361abcf0_like"
_SOURCE = """-- squawk-ignore ban-concurrent-index-creation-in-transaction
create index concurrently if not exists identity_sign_in_source
on identity_signin (tenant, address, created_at desc)"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("identity", "0017_contested_and_bound_checked")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([statement], migrations.RunSQL.noop)
                for statement in (_BROKEN_OFF, _ONCE, _NAMED, _FORMER, _FORMER_BEGINNINGS)
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="account",
                    name="username",
                    field=models.CharField(max_length=40, verbose_name="用户名"),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "username"), name="identity_account_username_once"
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([_SOURCE], "drop index concurrently if exists identity_sign_in_source")
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="signin",
                    index=models.Index(fields=["tenant", "address", "-created_at"], name="identity_sign_in_source"),
                ),
            ],
        ),
    ]
