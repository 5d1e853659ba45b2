"""替换或者撤回时可以写原因；版式文件与版本一样，生成之后不再改变、不能删除。"""

from django.db import migrations

_GUARD = """
create or replace function documents_document_is_final() returns trigger language plpgsql as $$
declare
    movable constant text[] := array['status', 'current_version', 'ended_at', 'ended_reason'{more}];
begin
    if old.status = 'draft' then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'DELETE' then
        raise exception 'document % is issued and cannot be deleted', old.id using errcode = 'integrity_constraint_violation';
    end if;
    if to_jsonb(new) - movable is distinct from to_jsonb(old) - movable
        or new.current_version < old.current_version
        or (old.status <> 'issued' and (new.status, new.ended_at, new.ended_reason{new_more})
            is distinct from (old.status, old.ended_at, old.ended_reason{old_more}))
        or new.status = 'draft'
    then
        raise exception 'document % is issued and cannot be changed', old.id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
"""

FORWARD = (
    _GUARD.format(more=", 'ended_ground'", new_more=", new.ended_ground", old_more=", old.ended_ground")
    + """
create trigger documents_rendition_is_final before update or delete on documents_documentrendition
    for each row execute function documents_version_is_final();
"""
)

BACKWARD = "drop trigger documents_rendition_is_final on documents_documentrendition;" + _GUARD.format(
    more="", new_more="", old_more=""
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_tokens_and_renditions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
