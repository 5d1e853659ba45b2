"""三员分立 held by the database: nobody holds two administrator roles at the same time."""

from django.db import migrations

CREATE = """
create function identity_refuse_colliding_administrators() returns trigger language plpgsql as $$
declare
    the_person uuid;
begin
    -- the locks make two concurrent changes of one post or one person wait for each other
    perform 1 from identity_post where id = new.post_id for no key update;
    for the_person in
        select p.id from identity_person p
        where p.id in (select a.person_id from identity_appointment a where a.post_id = new.post_id)
        order by p.id for no key update
    loop
        if exists (
            select 1
            from identity_appointment a
            join identity_postrole ra on ra.post_id = a.post_id
            join identity_appointment b on b.person_id = a.person_id
            join identity_postrole rb on rb.post_id = b.post_id
            where a.person_id = the_person
              and ra.role in ('sys_admin', 'sec_admin', 'audit_admin', 'process_admin')
              and rb.role in ('sys_admin', 'sec_admin', 'audit_admin', 'process_admin')
              and ra.role < rb.role
              and daterange(a.valid_from, a.valid_until, '[]') && daterange(b.valid_from, b.valid_until, '[]')
        ) then
            raise exception 'one person may not hold two administrator roles'
                using errcode = 'exclusion_violation', constraint = 'identity_administrators_apart';
        end if;
    end loop;
    return null;
end $$;
create trigger identity_administrators_apart after insert or update on identity_appointment
    for each row execute function identity_refuse_colliding_administrators();
create trigger identity_administrators_apart after insert or update on identity_postrole
    for each row execute function identity_refuse_colliding_administrators();
"""

REMOVE = """
drop trigger identity_administrators_apart on identity_postrole;
drop trigger identity_administrators_apart on identity_appointment;
drop function identity_refuse_colliding_administrators();
"""


class Migration(migrations.Migration):
    """Adds the function and its triggers."""

    dependencies = (("identity", "0003_constraints"),)
    operations = (migrations.RunSQL(CREATE, REMOVE),)
