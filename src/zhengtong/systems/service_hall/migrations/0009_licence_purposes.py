"""An application may be about a licence in other ways than renewing it; what the authority does to one, and reminders.

The three columns of a renewal keep their names in the database: a rename would stop the release that still runs.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids

RENEWALS = "update service_hall_application set purpose = 'renewal' where renews_id is not null"
OLD = """-- squawk-ignore ban-drop-constraint
alter table service_hall_application drop constraint if exists service_hall_renews_whole"""


class Migration(migrations.Migration):
    dependencies = [
        ("service_hall", "0008_phrases"),
    ]

    operations = [
        migrations.CreateModel(
            name="LicenceMeasure",
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
                    models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("revoke", "撤销"), ("cancel", "注销"), ("lift", "记载吊销"), ("correct", "更正")],
                        max_length=8,
                        verbose_name="处置",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等待决定"),
                            ("carried", "已决定，已生效"),
                            ("refused", "不同意"),
                            ("dropped", "已撤回"),
                        ],
                        default="proposed",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("document_id", models.UUIDField(verbose_name="证照标识")),
                ("licence_title", models.CharField(max_length=200, verbose_name="证照名称")),
                ("licence_number", models.CharField(max_length=120, verbose_name="证照编号")),
                ("item_code", models.CharField(blank=True, max_length=64, verbose_name="事项编码")),
                ("org_id", models.UUIDField(verbose_name="签发单位标识")),
                ("org_name", models.CharField(max_length=200, verbose_name="签发单位")),
                ("ground", models.CharField(max_length=20, verbose_name="情形")),
                ("reason", models.CharField(max_length=2000, verbose_name="事实和理由")),
                ("relief", models.CharField(blank=True, max_length=1000, verbose_name="合法权益的处理")),
                ("document_no", models.CharField(blank=True, max_length=120, verbose_name="处罚决定书文号")),
                ("corrected", models.JSONField(default=dict, verbose_name="更正内容")),
                ("proposed_by_id", models.UUIDField(null=True, verbose_name="提出人标识")),
                ("proposed_by", models.CharField(max_length=60, verbose_name="提出人")),
                ("hear_until", models.DateField(null=True, verbose_name="陈述申辩截止")),
                ("statement", models.CharField(blank=True, max_length=2000, verbose_name="持有人陈述申辩")),
                ("stated_at", models.DateTimeField(null=True, verbose_name="陈述时间")),
                ("decided_by_id", models.UUIDField(null=True, verbose_name="决定人标识")),
                ("decided_by", models.CharField(blank=True, max_length=60, verbose_name="决定人")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="决定意见")),
            ],
            options={
                "verbose_name": "证照处置",
            },
        ),
        migrations.CreateModel(
            name="LicenceReminder",
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
                    models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间"),
                ),
                ("document_id", models.UUIDField(verbose_name="证照标识")),
                ("stage", models.SmallIntegerField(verbose_name="到期以前的天数")),
            ],
            options={
                "verbose_name": "到期提醒",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("new", "首次申请"),
                    ("renewal", "延续"),
                    ("change", "变更"),
                    ("replacement", "补发"),
                    ("cancellation", "注销"),
                ],
                db_default="new",
                default="new",
                max_length=12,
                verbose_name="申请类型",
            ),
        ),
        migrations.AddField(
            model_name="materialfile",
            name="source_id",
            field=models.UUIDField(null=True, verbose_name="来源标识"),
        ),
        migrations.AddField(
            model_name="materialfile",
            name="source_kind",
            field=models.CharField(
                choices=[("given", "本次提交"), ("licence", "本平台签发的证照"), ("earlier", "以前办事时提交")],
                db_default="given",
                default="given",
                max_length=8,
                verbose_name="来源",
            ),
        ),
        migrations.AddField(
            model_name="materialfile",
            name="source_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="来源说明"),
        ),
        migrations.AddIndex(
            model_name="licencemeasure",
            index=models.Index(fields=["tenant", "org_id", "state", "-created_at"], name="service_hall_measures_of"),
        ),
        migrations.AddIndex(
            model_name="licencemeasure",
            index=models.Index(fields=["document_id"], name="service_hall_measure_licence"),
        ),
        migrations.AddConstraint(
            model_name="licencemeasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("document_id",),
                name="service_hall_one_measure_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="licencemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="service_hall_measure_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="licencemeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by_id__isnull", True),
                    ("decided_by_id__isnull", True),
                    ("state", "dropped"),
                    models.Q(("proposed_by_id", models.F("decided_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="service_hall_measure_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="licencereminder",
            constraint=models.UniqueConstraint(fields=("document_id", "stage"), name="service_hall_reminded_once"),
        ),
        migrations.RunSQL([RENEWALS], migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([OLD], migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint(model_name="application", name="service_hall_renews_whole"),
                migrations.RemoveConstraint(model_name="application", name="service_hall_renewed_once_at_a_time"),
                migrations.RenameField(model_name="application", old_name="renews_id", new_name="licence_id"),
                migrations.RenameField(model_name="application", old_name="renews_number", new_name="licence_number"),
                migrations.RenameField(model_name="application", old_name="renews_until", new_name="licence_until"),
                migrations.AlterField(
                    model_name="application",
                    name="licence_id",
                    field=models.UUIDField(db_column="renews_id", null=True, verbose_name="所涉证照标识"),
                ),
                migrations.AlterField(
                    model_name="application",
                    name="licence_number",
                    field=models.CharField(
                        blank=True,
                        db_column="renews_number",
                        db_default="",
                        default="",
                        max_length=120,
                        verbose_name="所涉证照编号",
                    ),
                ),
                migrations.AlterField(
                    model_name="application",
                    name="licence_until",
                    field=models.DateField(db_column="renews_until", null=True, verbose_name="所涉证照有效期止"),
                ),
                migrations.AddConstraint(
                    model_name="application",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status__in", ["submitted", "supplement"])),
                        fields=("licence_id",),
                        name="service_hall_renewed_once_at_a_time",
                    ),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("licence_id__isnull", True), ("licence_until__isnull", True), ("purpose", "new")),
                    models.Q(("licence_id__isnull", False), ("licence_until__isnull", False), ("purpose", "renewal")),
                    models.Q(("licence_id__isnull", False), ("purpose__in", ["change", "replacement", "cancellation"])),
                    _connector="OR",
                ),
                name="service_hall_purpose_names_licence",
            ),
        ),
    ]
