"""冻结的得分不改、启用的评分办法不改: the database itself refuses it."""

from django.db import migrations

FORWARD = """
create function supervision_formula_is_kept() returns trigger language plpgsql as $$
declare
    movable constant text[] := array['state', 'reason', 'decided_by', 'changed_at', 'valid_until'];
begin
    if tg_op = 'UPDATE' and (
        old.state in ('draft', 'submitted')
        or (old.state = 'enabled' and new.state = 'retired'
            and to_jsonb(new) - movable is not distinct from to_jsonb(old) - movable)
    ) then
        return new;
    end if;
    raise exception 'formula % is kept as it was enabled', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger supervision_formula_is_kept before update or delete on supervision_scoreformula
    for each row execute function supervision_formula_is_kept();

create function supervision_run_is_kept() returns trigger language plpgsql as $$
declare
    movable constant text[] := array[
        'state', 'decided_by_id', 'decided_by', 'decided_post', 'decided_at', 'decision', 'appeal_until'
    ];
begin
    if old.state = 'computed' then
        return coalesce(new, old);
    end if;
    if tg_op = 'UPDATE' and (
        (old.state = 'proposed' and new.state in ('published', 'refused')
            and to_jsonb(new) - movable is not distinct from to_jsonb(old) - movable)
        or (old.state = 'published' and new.state = 'superseded'
            and to_jsonb(new) - 'state' is not distinct from to_jsonb(old) - 'state')
    ) then
        return new;
    end if;
    raise exception 'scores % are frozen', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger supervision_run_is_kept before update or delete on supervision_scorerun
    for each row execute function supervision_run_is_kept();

create function supervision_score_row_is_kept() returns trigger language plpgsql as $$
declare
    of_run constant uuid := case when tg_op = 'INSERT' then new.run_id else old.run_id end;
begin
    if tg_op <> 'UPDATE' and exists (select from supervision_scorerun where id = of_run and state = 'computed') then
        return coalesce(new, old);
    end if;
    raise exception 'rows of scores % are frozen', of_run using errcode = 'integrity_constraint_violation';
end $$;
create trigger supervision_score_row_is_kept before insert or update or delete on supervision_scorerow
    for each row execute function supervision_score_row_is_kept();
"""

BACKWARD = """
drop trigger supervision_score_row_is_kept on supervision_scorerow;
drop function supervision_score_row_is_kept();
drop trigger supervision_run_is_kept on supervision_scorerun;
drop function supervision_run_is_kept();
drop trigger supervision_formula_is_kept on supervision_scoreformula;
drop function supervision_formula_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_scores")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
