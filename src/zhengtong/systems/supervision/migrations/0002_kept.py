"""亮牌不删除、处理记录只追加: the database itself refuses to delete a card and to change what was said to it."""

from django.db import migrations

FORWARD = """
create function supervision_card_is_kept() returns trigger language plpgsql as $$
declare
    movable constant text[] := array['state', 'state_at', 'cancel_reason'];
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - movable is not distinct from to_jsonb(old) - movable
        and (old.state not in ('cancelled', 'closed') or new is not distinct from old)
    then
        return new;
    end if;
    raise exception 'card % is kept as it was raised', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger supervision_card_is_kept before update or delete on supervision_card
    for each row execute function supervision_card_is_kept();

create function supervision_act_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'act % cannot be changed or deleted', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger supervision_act_is_kept before update or delete on supervision_cardact
    for each row execute function supervision_act_is_kept();
"""

BACKWARD = """
drop trigger supervision_act_is_kept on supervision_cardact;
drop function supervision_act_is_kept();
drop trigger supervision_card_is_kept on supervision_card;
drop function supervision_card_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
