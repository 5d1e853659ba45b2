"""督查线索: cards that supervision refers, and their time line, which the database itself keeps."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


FORWARD = """
create trigger inspections_referral_is_kept
    before delete on inspections_referral for each row execute function inspections_is_kept();
create trigger inspections_referral_names_its_card
    before update on inspections_referral for each row
    when ((old.id, old.tenant, old.card_id, old.card_number)
        is distinct from (new.id, new.tenant, new.card_id, new.card_number))
    execute function inspections_is_kept();
create trigger inspections_referral_act_is_kept
    before update or delete on inspections_referralact for each row execute function inspections_is_kept();
"""

BACKWARD = """
drop trigger inspections_referral_act_is_kept on inspections_referralact;
drop trigger inspections_referral_names_its_card on inspections_referral;
drop trigger inspections_referral_is_kept on inspections_referral;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0004_kept'),
    ]

    operations = [
        migrations.AlterField(
            model_name='inspectionact',
            name='kind',
            field=models.CharField(choices=[('draft', '起草计划'), ('change', '修改计划'), ('submit', '提请批准'), ('return', '退回修改'), ('approve', '批准计划'), ('draw', '随机抽取'), ('finish', '结束计划'), ('recuse', '回避并更换检查人员'), ('cancel', '取消检查'), ('start', '开始检查'), ('sign', '检查人员签字'), ('done', '检查完成'), ('notice', '发出整改通知'), ('acknowledge', '签收整改通知'), ('report', '报送整改情况'), ('review', '复查'), ('warn', '临近期限'), ('overdue', '超过期限'), ('hand_over', '移交承继单位'), ('close', '办结'), ('refer', '电子监察转来'), ('void', '亮牌已撤销'), ('take', '列入计划'), ('aside', '提出不列入督查'), ('agree', '复核：同意不列入'), ('reopen', '复核：继续处理'), ('release', '退回待处理'), ('answer', '督查有了结果')], max_length=12, verbose_name='操作'),
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('amount', models.PositiveSmallIntegerField(verbose_name='期限')),
                ('unit', models.CharField(max_length=6, verbose_name='期限单位')),
                ('started_on', models.DateField(verbose_name='起算日')),
                ('due_on', models.DateField(verbose_name='截止日')),
                ('due_at', models.DateTimeField(verbose_name='截止时刻')),
                ('yellow_at', models.DateTimeField(null=True, verbose_name='预警时刻')),
                ('next_at', models.DateTimeField(null=True, verbose_name='下次变灯时刻')),
                ('level', models.CharField(blank=True, default='', max_length=8, verbose_name='已亮灯')),
                ('projected_on', models.DateField(verbose_name='推算日')),
                ('running', models.BooleanField(default=True, verbose_name='计时中')),
                ('card_id', models.UUIDField(verbose_name='亮牌标识')),
                ('card_number', models.CharField(max_length=20, verbose_name='监察编号')),
                ('rule_key', models.CharField(max_length=40, verbose_name='规则编号')),
                ('rule_name', models.CharField(max_length=120, verbose_name='监察规则')),
                ('card_level', models.CharField(choices=[('hint', '提示'), ('yellow', '黄牌'), ('red', '红牌'), ('breach', '严重红牌')], max_length=8, verbose_name='等级')),
                ('case_number', models.CharField(blank=True, max_length=80, verbose_name='办件编号')),
                ('org_id', models.UUIDField(verbose_name='责任单位标识')),
                ('org_name', models.CharField(max_length=120, verbose_name='责任单位')),
                ('reason', models.TextField(verbose_name='要督查的事项')),
                ('referred_at', models.DateTimeField(verbose_name='转来时间')),
                ('state', models.CharField(choices=[('waiting', '待处理'), ('taken', '已列入计划'), ('aside', '不列入，待复核'), ('dropped', '不列入，已复核'), ('done', '已有结果')], default='waiting', max_length=8, verbose_name='状态')),
                ('aside_reason', models.TextField(blank=True, default='', verbose_name='不列入的理由')),
                ('aside_by_id', models.UUIDField(null=True, verbose_name='提出人标识')),
                ('aside_by', models.CharField(blank=True, default='', max_length=60, verbose_name='提出人')),
                ('second_by_id', models.UUIDField(null=True, verbose_name='复核人标识')),
                ('second_by', models.CharField(blank=True, default='', max_length=60, verbose_name='复核人')),
                ('outcome', models.TextField(blank=True, default='', verbose_name='督查结果')),
                ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='inspections.plan', verbose_name='督查计划')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='inspections.visit', verbose_name='督查检查')),
            ],
            options={
                'verbose_name': '督查线索',
            },
        ),
        migrations.CreateModel(
            name='ReferralAct',
            fields=[
                ('id', models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='标识')),
                ('tenant', zhengtong.kernel.fields.TenantField(max_length=12, verbose_name='租户')),
                ('created_at', models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name='创建时间')),
                ('kind', models.CharField(choices=[('draft', '起草计划'), ('change', '修改计划'), ('submit', '提请批准'), ('return', '退回修改'), ('approve', '批准计划'), ('draw', '随机抽取'), ('finish', '结束计划'), ('recuse', '回避并更换检查人员'), ('cancel', '取消检查'), ('start', '开始检查'), ('sign', '检查人员签字'), ('done', '检查完成'), ('notice', '发出整改通知'), ('acknowledge', '签收整改通知'), ('report', '报送整改情况'), ('review', '复查'), ('warn', '临近期限'), ('overdue', '超过期限'), ('hand_over', '移交承继单位'), ('close', '办结'), ('refer', '电子监察转来'), ('void', '亮牌已撤销'), ('take', '列入计划'), ('aside', '提出不列入督查'), ('agree', '复核：同意不列入'), ('reopen', '复核：继续处理'), ('release', '退回待处理'), ('answer', '督查有了结果')], max_length=12, verbose_name='操作')),
                ('text', models.TextField(blank=True, default='', verbose_name='内容')),
                ('person_id', models.UUIDField(null=True, verbose_name='操作人标识')),
                ('person_name', models.CharField(blank=True, max_length=60, verbose_name='操作人')),
                ('org_name', models.CharField(blank=True, max_length=120, verbose_name='单位')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='inspections.referral', verbose_name='督查线索')),
            ],
            options={
                'verbose_name': '督查线索办理记录',
            },
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['tenant', 'state', 'due_at'], name='inspections_referral_queue'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('running', True)), fields=['next_at'], name='inspections_referral_next'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(fields=('tenant', 'card_id'), name='inspections_referral_once'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('second_by_id__isnull', True), models.Q(('second_by_id', models.F('aside_by_id')), _negated=True), _connector='OR'), name='inspections_referral_second_person'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('plan__isnull', False), ('state__in', ('taken', 'done'))), models.Q(('plan__isnull', True), ('state__in', ('waiting', 'aside', 'dropped')), ('visit__isnull', True)), _connector='OR'), name='inspections_referral_in_plan'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), models.Q(('aside_by_id__isnull', False), ('state', 'aside')), models.Q(('aside_by_id__isnull', False), ('second_by_id__isnull', False), ('state', 'dropped')), ('state__in', ('taken', 'done')), _connector='OR'), name='inspections_referral_set_aside'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
