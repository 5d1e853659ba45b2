"""评价不可修改: the database itself refuses to change or delete a rating and what was done after it."""

from django.db import migrations

FORWARD = """
create function ratings_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger ratings_rating_is_kept
    before update of id, tenant, created_at, subject_kind, subject_id, service, turn, grade, tags, text, anonymous,
        channel, person_id, device_id, own_device, number, title, item_code, org_id, org_name, handlers, "window",
        case_id, happened_at
    or delete on ratings_rating for each row execute function ratings_is_kept();
create trigger ratings_act_is_kept before update or delete on ratings_followupact
    for each row execute function ratings_is_kept();
"""

BACKWARD = """
drop trigger ratings_act_is_kept on ratings_followupact;
drop trigger ratings_rating_is_kept on ratings_rating;
drop function ratings_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
