"""办理记录不可修改: the database itself refuses to change or delete a line of a time line, or what a complaint is.

Encrypted columns are left out: a change of the master key writes them anew.
"""

from django.db import migrations

FORWARD = """
create function complaints_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger complaints_act_is_kept
    before update of id, tenant, created_at, complaint_id, no, kind, told, shared, person_id, person_name, org_name
    or delete on complaints_complaintact for each row execute function complaints_is_kept();
create trigger complaints_complaint_is_kept
    before update of id, tenant, number, kind, protection, channel, about, accused_org_id, accused_post_id,
        received_at, person_id
    or delete on complaints_complaint for each row execute function complaints_is_kept();
"""

BACKWARD = """
drop trigger complaints_complaint_is_kept on complaints_complaint;
drop trigger complaints_act_is_kept on complaints_complaintact;
drop function complaints_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
