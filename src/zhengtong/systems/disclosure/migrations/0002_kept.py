"""办理记录不可修改: the database itself refuses to change a line of a time line, or what a request is.

Encrypted columns are left out: a change of the master key writes them anew. Of a closed request only who asked may be
taken out.
"""

from django.db import migrations

FORWARD = """
create function disclosure_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create function disclosure_applicant_may_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state = 'closed' and new.erased_at is not null and new.person_id is null
        and (new.id, new.tenant, new.number, new.kind, new.channel, new.arrived_on, new.received_on, new.outcome,
             new.closed_at)
        is not distinct from
            (old.id, old.tenant, old.number, old.kind, old.channel, old.arrived_on, old.received_on, old.outcome,
             old.closed_at)
    then
        return new;
    end if;
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger disclosure_act_is_kept
    before update of id, tenant, created_at, request_id, no, kind, told, person_id, person_name, org_name
    or delete on disclosure_requestact for each row execute function disclosure_is_kept();
create trigger disclosure_request_is_kept
    before update of id, tenant, number, kind, channel, arrived_on, person_id, legal_person_id
    or delete on disclosure_disclosurerequest for each row execute function disclosure_applicant_may_go();
"""

BACKWARD = """
drop trigger disclosure_request_is_kept on disclosure_disclosurerequest;
drop trigger disclosure_act_is_kept on disclosure_requestact;
drop function disclosure_applicant_may_go();
drop function disclosure_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
