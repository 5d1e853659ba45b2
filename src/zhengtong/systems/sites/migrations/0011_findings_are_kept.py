"""监测发现和公布的工作年度报表不可改写: the database itself refuses."""

from django.db import migrations

FORWARD = """
create function sites_finding_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'finding % is kept', old.id using errcode = 'integrity_constraint_violation';
    end if;
    if old.closed_on is not null then
        raise exception 'finding % was closed and cannot be changed', old.id
            using errcode = 'integrity_constraint_violation';
    end if;
    if (new.site_id, new.indicator, new.key, new.place, new.evidence, new.since, new.opened_on)
        is distinct from (old.site_id, old.indicator, old.key, old.place, old.evidence, old.since, old.opened_on) then
        raise exception 'what finding % says cannot be changed', old.id
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger sites_finding_is_kept before update or delete on sites_sitefinding
    for each row execute function sites_finding_is_kept();
create function sites_work_report_is_kept() returns trigger language plpgsql as $$
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
create trigger sites_work_report_is_kept before update or delete on sites_siteworkreport
    for each row execute function sites_work_report_is_kept();
"""

BACKWARD = """
drop trigger sites_work_report_is_kept on sites_siteworkreport;
drop function sites_work_report_is_kept();
drop trigger sites_finding_is_kept on sites_sitefinding;
drop function sites_finding_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("sites", "0010_the_daily_inspection")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
