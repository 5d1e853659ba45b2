"""提出人可以删除: of a closed complaint nothing but who wrote it may be taken out; all else stays refused."""

from django.db import migrations

FORWARD = """
create function complaints_writer_may_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state = 'closed' and new.erased_at is not null and new.person_id is null
        and (new.id, new.tenant, new.number, new.kind, new.protection, new.channel, new.about, new.accused_org_id,
             new.accused_post_id, new.received_at)
        is not distinct from
            (old.id, old.tenant, old.number, old.kind, old.protection, old.channel, old.about, old.accused_org_id,
             old.accused_post_id, old.received_at)
    then
        return new;
    end if;
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
drop trigger complaints_complaint_is_kept on complaints_complaint;
create trigger complaints_complaint_is_kept
    before update of id, tenant, number, kind, protection, channel, about, accused_org_id, accused_post_id,
        received_at, person_id
    or delete on complaints_complaint for each row execute function complaints_writer_may_go();
"""

BACKWARD = """
drop trigger complaints_complaint_is_kept on complaints_complaint;
create trigger complaints_complaint_is_kept
    before update of id, tenant, number, kind, protection, channel, about, accused_org_id, accused_post_id,
        received_at, person_id
    or delete on complaints_complaint for each row execute function complaints_is_kept();
drop function complaints_writer_may_go();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_erased_at")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
