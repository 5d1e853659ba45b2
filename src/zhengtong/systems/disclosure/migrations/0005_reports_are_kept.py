"""公布的年度报告不可修改: the database itself refuses to change or delete one."""

from django.db import migrations

FORWARD = """
create function disclosure_report_is_kept() returns trigger language plpgsql as $$
begin
    if old.state = 'published' then
        raise exception 'report % of % was published and cannot be changed', old.id, old.year
            using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;
create trigger disclosure_report_is_kept
    before update or delete on disclosure_yearlyreport
    for each row execute function disclosure_report_is_kept();
"""

BACKWARD = """
drop trigger disclosure_report_is_kept on disclosure_yearlyreport;
drop function disclosure_report_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0004_reports")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
