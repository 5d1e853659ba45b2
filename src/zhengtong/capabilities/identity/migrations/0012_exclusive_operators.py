"""Nobody is an operator and one of the three administrators; an administrator's post holds no other role."""

from django.db import migrations

REPLACE = """
create or replace function identity_refuse_colliding_administrators() returns trigger language plpgsql as $$
declare
    the_person uuid;
    three constant text[] := array['sys_admin', 'sec_admin', 'audit_admin'];
    administrators constant text[] := three || array['process_admin'];
    operators constant text[] := array[
        'host_operator', 'network_operator', 'database_operator', 'application_operator', 'security_operator'];
begin
    -- the locks make two concurrent changes of one post or one person wait for each other
    perform 1 from identity_post where id = new.post_id for no key update;
    if exists (select 1 from identity_postrole where post_id = new.post_id and role = any (three))
        and exists (select 1 from identity_postrole where post_id = new.post_id and role <> all (three)) then
        raise exception 'the post of an administrator holds no other role'
            using errcode = 'exclusion_violation', constraint = 'identity_administrators_post';
    end if;
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
              and (
                  ra.role = any (administrators) and rb.role = any (administrators) and ra.role < rb.role
                  or ra.role = any (three) and rb.role = any (operators)
              )
              and daterange(a.valid_from, a.valid_until, '[]') && daterange(b.valid_from, b.valid_until, '[]')
        ) then
            raise exception 'one person may not hold two administrator roles'
                using errcode = 'exclusion_violation', constraint = 'identity_administrators_apart';
        end if;
    end loop;
    return null;
end $$;
"""

BEFORE = """
create or replace function identity_refuse_colliding_administrators() returns trigger language plpgsql as $$
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
"""


class Migration(migrations.Migration):
    """Replaces the function behind the two triggers."""

    dependencies = (("identity", "0011_roles_and_scopes_checked"),)
    operations = (migrations.RunSQL(REPLACE, BEFORE),)
