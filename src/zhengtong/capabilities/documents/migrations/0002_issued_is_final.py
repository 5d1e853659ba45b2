"""签发之后不再改变: the database itself refuses to change or delete an issued document or one of its versions."""

from django.db import migrations

FORWARD = """
create function documents_document_is_final() returns trigger language plpgsql as $$
declare
    movable constant text[] := array['status', 'current_version', 'ended_at', 'ended_reason'];
begin
    if old.status = 'draft' then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'DELETE' then
        raise exception 'document % is issued and cannot be deleted', old.id using errcode = 'integrity_constraint_violation';
    end if;
    if to_jsonb(new) - movable is distinct from to_jsonb(old) - movable
        or new.current_version < old.current_version
        or (old.status <> 'issued' and (new.status, new.ended_at, new.ended_reason)
            is distinct from (old.status, old.ended_at, old.ended_reason))
        or new.status = 'draft'
    then
        raise exception 'document % is issued and cannot be changed', old.id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger documents_document_is_final before update or delete on documents_document
    for each row execute function documents_document_is_final();

create function documents_version_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'version % cannot be changed or deleted', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger documents_version_is_final before update or delete on documents_documentversion
    for each row execute function documents_version_is_final();
"""

BACKWARD = """
drop trigger documents_version_is_final on documents_documentversion;
drop function documents_version_is_final();
drop trigger documents_document_is_final on documents_document;
drop function documents_document_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
