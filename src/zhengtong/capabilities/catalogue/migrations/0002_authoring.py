"""Drafts of items: incomplete ones, their author, the review, and what the county's list wants besides."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DROP = [
    """-- squawk-ignore ban-drop-constraint
alter table catalogue_itemversion drop constraint catalogue_limits""",
    """-- squawk-ignore ban-drop-constraint
alter table catalogue_itemversion drop constraint catalogue_published_has_day""",
]
ADD = [
    """alter table catalogue_itemversion add constraint catalogue_limits check (
    statutory_limit ~ '^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$'
    and promised_limit ~ '^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$') not valid""",
    """alter table catalogue_itemversion add constraint catalogue_published_has_day check (
    status = 'draft' or published_at is not null and valid_from is not null) not valid""",
]
# a draft has no number, and perhaps no code yet: the code of before never writes one
CODE_MAY_BE_MISSING = """-- squawk-ignore ban-drop-not-null
alter table catalogue_item alter column code drop not null"""
VERSION_MAY_BE_MISSING = """-- squawk-ignore ban-drop-not-null
alter table catalogue_itemversion alter column version drop not null"""
PARENT = [
    "alter table catalogue_item add column parent_id uuid null",
    """alter table catalogue_item add constraint catalogue_item_parent foreign key (parent_id)
    references catalogue_item (id) deferrable initially deferred not valid""",
]
NO_PARENT = """-- squawk-ignore ban-drop-column
alter table catalogue_item drop column parent_id"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        # wider checks take the place of these in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(DROP, ADD),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="itemversion", name="catalogue_limits"),
                migrations.RemoveConstraint(model_name="itemversion", name="catalogue_published_has_day"),
            ],
        ),
        migrations.AddField(
            model_name='item',
            name='kind',
            field=models.CharField(choices=[('single', '单一事项'), ('bundle', '一件事')], db_default='single', default='single', max_length=6, verbose_name='事项形态'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='accountability',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='追责情形'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='author_id',
            field=models.UUIDField(null=True, verbose_name='编制人标识'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='author_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='编制人'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='case_id',
            field=models.UUIDField(null=True, verbose_name='审核办件标识'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='change_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='修改理由'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='commitment',
            field=models.JSONField(db_default={}, default=dict, verbose_name='告知承诺'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='exercise_level',
            field=models.CharField(choices=[('1', '国家级'), ('2', '省级'), ('3', '市级'), ('4', '县级'), ('5', '镇（乡、街道）级'), ('6', '村（社区）级'), ('7', '分级管理')], db_default='4', default='4', max_length=1, verbose_name='行使层级'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='exercise_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='权限划分'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='fees',
            field=models.JSONField(db_default=[], default=list, verbose_name='收费标准'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='form_version',
            field=models.PositiveIntegerField(null=True, verbose_name='表单版本'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='header',
            field=models.JSONField(db_default={}, default=dict, verbose_name='事项要素'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='members',
            field=models.JSONField(db_default=[], default=list, verbose_name='一件事成员'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='origin',
            field=models.CharField(choices=[('page', '页面编制'), ('sheet', '表格导入'), ('setup', '初始化')], db_default='setup', default='setup', max_length=6, verbose_name='来源'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='process_version',
            field=models.PositiveIntegerField(null=True, verbose_name='流程版本'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='responsibilities',
            field=models.JSONField(db_default=[], default=list, verbose_name='责任事项'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='revision',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='保存次数'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='saved_at',
            field=models.DateTimeField(null=True, verbose_name='保存时间'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='visits',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='到现场次数'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([CODE_MAY_BE_MISSING], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name='item',
                    name='code',
                    field=models.CharField(max_length=31, null=True, verbose_name='实施编码'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='itemversion',
            name='legal_basis',
            field=models.TextField(blank=True, verbose_name='设定依据'),
        ),
        migrations.AlterField(
            model_name='itemversion',
            name='promised_limit',
            field=models.CharField(blank=True, max_length=12, verbose_name='承诺时限'),
        ),
        migrations.AlterField(
            model_name='itemversion',
            name='status',
            field=models.CharField(choices=[('draft', '暂存'), ('review', '审核中'), ('published', '已发布'), ('retired', '已停用')], default='draft', max_length=10, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='itemversion',
            name='statutory_limit',
            field=models.CharField(blank=True, max_length=12, verbose_name='法定时限'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([VERSION_MAY_BE_MISSING], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name='itemversion',
                    name='version',
                    field=models.PositiveIntegerField(null=True, verbose_name='版本号'),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARENT, NO_PARENT)],
            state_operations=[
                migrations.AddField(
                    model_name="item",
                    name="parent",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
                        verbose_name="主项",
                    ),
                ),
            ],
        ),
        AddConstraintNotValid(model_name="item", constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='catalogue_item_not_own_parent')),
        AddConstraintNotValid(model_name="itemversion", constraint=models.CheckConstraint(condition=models.Q(models.Q(('promised_limit__regex', '^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$'), ('statutory_limit__regex', '^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$')), ('status__in', ['draft', 'review']), _connector='OR'), name='catalogue_limits')),
        AddConstraintNotValid(model_name="itemversion", constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'review']), models.Q(('published_at__isnull', False), ('valid_from__isnull', False), ('version__isnull', False)), _connector='OR'), name='catalogue_published_has_day')),
    ]
