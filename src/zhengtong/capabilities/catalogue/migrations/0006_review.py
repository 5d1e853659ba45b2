"""Review of drafts: who had a hand in one, its reasons, versions that wait for their day, items without a unit."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids

_LIMIT = r"^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$"
_NOT_YET = ("draft", "review", "refused", "discarded")
DROP = [
    """-- squawk-ignore ban-drop-constraint
alter table catalogue_itemversion drop constraint catalogue_limits""",
    """-- squawk-ignore ban-drop-constraint
alter table catalogue_itemversion drop constraint catalogue_published_has_day""",
]
ADD = [
    """alter table catalogue_itemversion add constraint catalogue_limits check (
    (statutory_limit ~ '^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$'
    and promised_limit ~ '^(NONE|[0-9]{1,4} (WD|D|H|MONTH|YEAR))$') or status in ('draft', 'review')) not valid""",
    """alter table catalogue_itemversion add constraint catalogue_published_has_day check (
    status in ('draft', 'review')
    or (published_at is not null and valid_from is not null and version is not null)) not valid""",
]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_lists")]

    operations = [
        # wider checks take the place of these in the same transaction
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, ADD)],
            state_operations=[
                migrations.RemoveConstraint(model_name="itemversion", name="catalogue_limits"),
                migrations.RemoveConstraint(model_name="itemversion", name="catalogue_published_has_day"),
            ],
        ),
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[("single", "单一事项"), ("bundle", "一件事"), ("main", "主项")],
                db_default="single",
                default="single",
                max_length=6,
                verbose_name="事项形态",
            ),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "暂存"),
                    ("review", "审核中"),
                    ("scheduled", "待生效"),
                    ("published", "已发布"),
                    ("retired", "已停用"),
                    ("refused", "审核未通过"),
                    ("discarded", "已作废"),
                ],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="executors",
            field=models.JSONField(db_default=[], default=list, verbose_name="实施单位"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="authors",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                db_default=[],
                default=list,
                size=None,
                verbose_name="参与编制的人员标识",
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="answers",
            field=models.JSONField(db_default={}, default=dict, verbose_name="情况说明"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="reviews",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="送审次数"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="returned",
            field=models.BooleanField(db_default=False, default=False, verbose_name="退回修改中"),
        ),
        AddConstraintNotValid(
            model_name="itemversion",
            constraint=models.CheckConstraint(
                condition=Q(("promised_limit__regex", _LIMIT), ("statutory_limit__regex", _LIMIT))
                | Q(("status__in", _NOT_YET)),
                name="catalogue_limits",
            ),
        ),
        AddConstraintNotValid(
            model_name="itemversion",
            constraint=models.CheckConstraint(
                condition=Q(("status__in", _NOT_YET))
                | Q(("published_at__isnull", False), ("valid_from__isnull", False), ("version__isnull", False)),
                name="catalogue_published_has_day",
            ),
        ),
        migrations.CreateModel(
            name="ReviewCounter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tenant", models.CharField(max_length=12, verbose_name="租户")),
                ("day", models.DateField(verbose_name="日期")),
                ("last", models.PositiveIntegerField(verbose_name="最后序号")),
            ],
            options={
                "verbose_name": "送审编号计数",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "day"), name="catalogue_review_counter_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemSuccession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhengtong.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="标识",
                    ),
                ),
                ("tenant", zhengtong.kernel.fields.TenantField(max_length=12, verbose_name="租户")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"
                    ),
                ),
                ("from_org_id", models.UUIDField(verbose_name="原实施部门标识")),
                ("from_org_name", models.CharField(max_length=200, verbose_name="原实施部门")),
                ("heir_id", models.UUIDField(null=True, verbose_name="承继单位标识")),
                ("heir_name", models.CharField(blank=True, max_length=200, verbose_name="承继单位")),
                ("since", models.DateField(verbose_name="变动日期")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "待处理"), ("taken_over", "由承继单位实施"), ("retired", "停用")],
                        default="",
                        max_length=10,
                        verbose_name="处理结果",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="处理依据")),
                ("settled_by", models.CharField(blank=True, default="", max_length=60, verbose_name="处理人")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "事项承接",
                "indexes": [
                    models.Index(fields=["tenant", "outcome", "since"], name="catalogue_succession_list")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("outcome", "")), fields=("item",), name="catalogue_one_open_succession"
                    ),
                    models.CheckConstraint(
                        condition=Q(("outcome", ""), ("settled_at__isnull", True))
                        | (Q(("outcome", ""), _negated=True) & Q(("settled_at__isnull", False))),
                        name="catalogue_succession_settled",
                    ),
                ],
            },
        ),
    ]
