"""评价人可以删除: of a rating only who gave it and his words may be emptied, of its follow-up the words; nothing else."""

from django.db import migrations

FORWARD = """
create function ratings_rater_may_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.person_id is null and new.text = ''
        and to_jsonb(new) - array['person_id', 'text', 'phone'] = to_jsonb(old) - array['person_id', 'text', 'phone']
    then
        return new;
    end if;
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create function ratings_words_may_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.text = '（已删除）' and to_jsonb(new) - 'text' = to_jsonb(old) - 'text'
        and exists (select 1 from ratings_followup f join ratings_rating r on r.id = f.rating_id
                    where f.id = old.follow_up_id and r.person_id is null and r.text = '' and r.phone = '')
    then
        return new;
    end if;
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
drop trigger ratings_rating_is_kept on ratings_rating;
create trigger ratings_rating_is_kept
    before update of id, tenant, created_at, subject_kind, subject_id, service, turn, grade, tags, text, anonymous,
        channel, person_id, device_id, own_device, number, title, item_code, org_id, org_name, handlers, "window",
        case_id, happened_at
    or delete on ratings_rating for each row execute function ratings_rater_may_go();
drop trigger ratings_act_is_kept on ratings_followupact;
create trigger ratings_act_is_kept before update or delete on ratings_followupact
    for each row execute function ratings_words_may_go();
"""

BACKWARD = """
drop trigger ratings_act_is_kept on ratings_followupact;
create trigger ratings_act_is_kept before update or delete on ratings_followupact
    for each row execute function ratings_is_kept();
drop trigger ratings_rating_is_kept on ratings_rating;
create trigger ratings_rating_is_kept
    before update of id, tenant, created_at, subject_kind, subject_id, service, turn, grade, tags, text, anonymous,
        channel, person_id, device_id, own_device, number, title, item_code, org_id, org_name, handlers, "window",
        case_id, happened_at
    or delete on ratings_rating for each row execute function ratings_is_kept();
drop function ratings_words_may_go();
drop function ratings_rater_may_go();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0002_kept")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
