"""电子监察月报: what was frozen is never changed or deleted; only its decision and its paper are added."""

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


KEPT = """
create function supervision_report_is_kept() returns trigger language plpgsql as $$
declare
    movable constant text[] := array['state', 'decided_by_id', 'decided_by', 'decided_post', 'decided_at', 'decision'];
begin
    if tg_op = 'UPDATE' and (
        (old.state = 'proposed' and new.state in ('published', 'refused')
            and to_jsonb(new) - movable is not distinct from to_jsonb(old) - movable)
        or (old.state = 'published' and new.state = 'superseded'
            and to_jsonb(new) - 'state' is not distinct from to_jsonb(old) - 'state')
        or (old.state in ('published', 'superseded') and old.document_id is null
            and to_jsonb(new) - 'document_id' is not distinct from to_jsonb(old) - 'document_id')
    ) then
        return new;
    end if;
    raise exception 'report % is kept as it was frozen', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger supervision_report_is_kept before update or delete on supervision_supervisionreport
    for each row execute function supervision_report_is_kept();
"""
FORGOTTEN = """
drop trigger supervision_report_is_kept on supervision_supervisionreport;
drop function supervision_report_is_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0009_targets'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupervisionReport',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('proposed_by_id', models.UUIDField(verbose_name='提出人标识')),
                ('proposed_by', models.CharField(max_length=60, verbose_name='提出人')),
                ('proposed_post', models.CharField(blank=True, max_length=80, verbose_name='提出人岗位')),
                ('proposed_org', models.CharField(blank=True, max_length=120, verbose_name='提出单位')),
                ('decided_by_id', models.UUIDField(null=True, verbose_name='核准人标识')),
                ('decided_by', models.CharField(blank=True, max_length=60, verbose_name='核准人')),
                ('decided_post', models.CharField(blank=True, max_length=80, verbose_name='核准人岗位')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='核准时间')),
                ('decision', models.TextField(blank=True, verbose_name='核准意见')),
                ('state', models.CharField(choices=[('computed', '试算，未公布'), ('proposed', '已冻结，待另一人核准'), ('published', '已公布'), ('refused', '未核准'), ('superseded', '已由更正版代替')], default='proposed', max_length=10, verbose_name='状态')),
                ('reason', models.TextField(blank=True, verbose_name='更正理由')),
                ('month', models.DateField(verbose_name='月份')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('figures', models.JSONField(verbose_name='指标')),
                ('sentences', models.JSONField(verbose_name='文字说明')),
                ('digest', models.CharField(max_length=64, verbose_name='数据摘要')),
                ('document_id', models.UUIDField(null=True, verbose_name='文书标识')),
            ],
            options={
                'verbose_name': '电子监察月报',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by_id__isnull', True), models.Q(('decided_by_id', models.F('proposed_by_id')), _negated=True), _connector='OR'), name='supervision_supervisionreport_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='supervision_supervisionreport_decided'), models.UniqueConstraint(fields=('tenant', 'month', 'version'), name='supervision_report_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('tenant', 'month'), name='supervision_report_one_published'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('tenant', 'month'), name='supervision_report_one_proposed'), models.CheckConstraint(condition=models.Q(('month__day', 1), ('version__gte', 1), models.Q(('state', 'computed'), _negated=True)), name='supervision_report_month'), models.CheckConstraint(condition=models.Q(('version', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='supervision_report_why_again')],
            },
        ),
        migrations.RunSQL(KEPT, FORGOTTEN),
    ]
