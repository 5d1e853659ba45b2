"""办理记录和公布的结果不可修改: the database itself refuses to change a line of a time line, or what was published.

Encrypted columns are left out: a change of the master key writes them anew. Of a ballot nothing is changed or deleted.
"""

from django.db import migrations

FORWARD = """
create function opinions_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger opinions_act_is_kept
    before update or delete on opinions_opinionact for each row execute function opinions_is_kept();
create trigger opinions_ballot_is_kept
    before update or delete on opinions_ballot for each row execute function opinions_is_kept();
create trigger opinions_feedback_is_kept
    before update of number, title, background, basis, opens_on, closes_on, state, feedback, figures, answered_at,
        answered_by_id, in_time
    on opinions_topic for each row when (old.state = 'answered') execute function opinions_is_kept();
create trigger opinions_topic_is_kept
    before delete on opinions_topic for each row execute function opinions_is_kept();
create trigger opinions_comment_is_kept
    before update of id, tenant, created_at, topic_id, no, voice, received_at or delete
    on opinions_comment for each row execute function opinions_is_kept();
"""

BACKWARD = """
drop trigger opinions_comment_is_kept on opinions_comment;
drop trigger opinions_topic_is_kept on opinions_topic;
drop trigger opinions_feedback_is_kept on opinions_topic;
drop trigger opinions_ballot_is_kept on opinions_ballot;
drop trigger opinions_act_is_kept on opinions_opinionact;
drop function opinions_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("opinions", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
