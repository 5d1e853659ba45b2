"""抽取记录、办理记录不可修改: the database itself refuses to change or delete a draw, a line of a time line, what was
drawn for a visit, and a finding once it was made.
"""

from django.db import migrations

FORWARD = """
create function inspections_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger inspections_draw_is_kept
    before update or delete on inspections_draw for each row execute function inspections_is_kept();
create trigger inspections_act_is_kept
    before update or delete on inspections_inspectionact for each row execute function inspections_is_kept();
create trigger inspections_visit_is_kept
    before update of id, tenant, plan_id, no, number, target_kind, target_key, target_name
    or delete on inspections_visit for each row execute function inspections_is_kept();
create trigger inspections_finding_is_kept
    before update of id, tenant, visit_id, result_id, no, title, text, serious
    or delete on inspections_finding for each row execute function inspections_is_kept();
"""

BACKWARD = """
drop trigger inspections_finding_is_kept on inspections_finding;
drop trigger inspections_visit_is_kept on inspections_visit;
drop trigger inspections_act_is_kept on inspections_inspectionact;
drop trigger inspections_draw_is_kept on inspections_draw;
drop function inspections_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_rectification")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
