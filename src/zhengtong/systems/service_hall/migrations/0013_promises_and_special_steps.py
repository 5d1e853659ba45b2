"""What applicants promise, promises that were broken, and steps besides the review with their objections."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("service_hall", "0012_counter"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pledge",
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
                        choices=[("tolerance", "容缺受理承诺"), ("commitment", "告知承诺")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("signed", "已承诺"),
                            ("running", "履行中"),
                            ("late", "逾期未履行"),
                            ("kept", "已履行"),
                            ("broken", "未履行"),
                            ("dropped", "不再适用"),
                        ],
                        default="signed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("text", models.TextField(verbose_name="承诺内容")),
                ("owed", models.JSONField(default=list, verbose_name="承诺事项")),
                ("signed_by", models.CharField(max_length=60, verbose_name="承诺人")),
                ("signed_by_id", models.UUIDField(verbose_name="承诺人标识")),
                ("signed_at", models.DateTimeField(verbose_name="承诺时间")),
                ("due_on", models.DateField(null=True, verbose_name="期限")),
                ("warned_on", models.DateField(null=True, verbose_name="提醒日")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="了结时间")),
                ("settled_by", models.CharField(blank=True, default="", max_length=60, verbose_name="了结人")),
                ("findings", models.TextField(blank=True, default="", verbose_name="核查情况")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="service_hall.application",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "办事承诺",
            },
        ),
        migrations.CreateModel(
            name="BrokenPledge",
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
                ("person_id", models.UUIDField(null=True, verbose_name="人员标识")),
                ("legal_person_id", models.UUIDField(null=True, verbose_name="法人标识")),
                ("item_code", models.CharField(max_length=50, verbose_name="事项编码")),
                ("item_name", models.CharField(max_length=200, verbose_name="事项")),
                ("reason", models.TextField(verbose_name="情况")),
                ("noted_by", models.CharField(max_length=60, verbose_name="登记人")),
                ("repaired_on", models.DateField(null=True, verbose_name="信用修复日")),
                ("repaired_by", models.CharField(blank=True, default="", max_length=60, verbose_name="修复登记人")),
                ("repair_note", models.TextField(blank=True, default="", verbose_name="修复依据")),
                (
                    "pledge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broken",
                        to="service_hall.pledge",
                        verbose_name="办事承诺",
                    ),
                ),
            ],
            options={
                "verbose_name": "失信承诺",
            },
        ),
        migrations.CreateModel(
            name="SpecialStep",
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
                        choices=[("inspection", "现场勘验"), ("expert_review", "专家评审"), ("public_notice", "公示")],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "进行中"), ("closed", "已结束"), ("dropped", "已取消")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("people", models.JSONField(default=list, verbose_name="参加人员")),
                ("plan", models.TextField(verbose_name="告知内容")),
                ("from_day", models.DateField(verbose_name="开始日")),
                ("until_day", models.DateField(verbose_name="截止日")),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="地点")),
                ("pause_id", models.UUIDField(null=True, verbose_name="停止计时标识")),
                ("opened_by", models.CharField(max_length=60, verbose_name="安排人")),
                ("findings", models.TextField(blank=True, default="", verbose_name="记录")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "符合要求"),
                            ("failed", "不符合要求"),
                            ("no_objection", "没有异议"),
                            ("objections", "有异议，已答复"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="结论",
                    ),
                ),
                ("applicant_said", models.TextField(blank=True, default="", verbose_name="申请人意见")),
                ("closed_by", models.CharField(blank=True, default="", max_length=60, verbose_name="记录人")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="special_steps",
                        to="service_hall.application",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "特别环节",
            },
        ),
        migrations.CreateModel(
            name="SpecialPhoto",
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
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("taken_by", models.CharField(max_length=60, verbose_name="拍摄人")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.storedfile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="service_hall.specialstep",
                        verbose_name="特别环节",
                    ),
                ),
            ],
            options={
                "verbose_name": "勘验照片",
            },
        ),
        migrations.CreateModel(
            name="PublicObjection",
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
                ("person_id", models.UUIDField(verbose_name="人员标识")),
                ("name", zhengtong.kernel.fields.EncryptedTextField(verbose_name="姓名")),
                ("phone", zhengtong.kernel.fields.EncryptedTextField(verbose_name="联系电话")),
                ("text", models.TextField(verbose_name="异议内容")),
                ("answer", models.TextField(blank=True, default="", verbose_name="答复")),
                ("answered_by", models.CharField(blank=True, default="", max_length=60, verbose_name="答复人")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="service_hall.specialstep",
                        verbose_name="特别环节",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示异议",
            },
        ),
        migrations.AddIndex(
            model_name="pledge",
            index=models.Index(
                condition=models.Q(("state__in", ["running", "late"])),
                fields=["due_on"],
                name="service_hall_pledge_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dropped"), _negated=True),
                fields=("application", "kind"),
                name="service_hall_pledge_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["tolerance", "commitment"])), name="service_hall_pledge_kinds"
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["signed", "running", "late", "kept", "broken", "dropped"])),
                name="service_hall_pledge_states",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["running", "late"]), _negated=True),
                    ("due_on__isnull", False),
                    _connector="OR",
                ),
                name="service_hall_pledge_running_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["kept", "broken", "dropped"]), _negated=True),
                    ("settled_at__isnull", False),
                    _connector="OR",
                ),
                name="service_hall_pledge_settled",
            ),
        ),
        migrations.AddIndex(
            model_name="brokenpledge",
            index=models.Index(fields=["tenant", "person_id"], name="service_hall_broken_person"),
        ),
        migrations.AddIndex(
            model_name="brokenpledge",
            index=models.Index(fields=["tenant", "legal_person_id"], name="service_hall_broken_legal"),
        ),
        migrations.AddConstraint(
            model_name="brokenpledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("legal_person_id__isnull", True), ("person_id__isnull", False)),
                    models.Q(("legal_person_id__isnull", False), ("person_id__isnull", True)),
                    _connector="OR",
                ),
                name="service_hall_broken_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="brokenpledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("repair_note", ""), ("repaired_on__isnull", True)),
                    models.Q(("repaired_on__isnull", False), models.Q(("repair_note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="service_hall_broken_repaired",
            ),
        ),
        migrations.AddIndex(
            model_name="specialstep",
            index=models.Index(fields=["tenant", "kind", "until_day"], name="service_hall_special_days"),
        ),
        migrations.AddConstraint(
            model_name="specialstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("application", "kind"),
                name="service_hall_special_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="specialstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_day__gte", models.F("from_day"))), name="service_hall_special_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="specialstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["inspection", "expert_review", "public_notice"])),
                name="service_hall_special_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="specialstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("result", ""), ("state", "open")),
                    models.Q(("closed_at__isnull", False), ("state", "dropped")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state", "closed"),
                        models.Q(("result", ""), _negated=True),
                        models.Q(("findings", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="service_hall_special_closed_with_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                    _connector="OR",
                ),
                name="service_hall_objection_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicobjection",
            constraint=models.UniqueConstraint(fields=("step", "person_id"), name="service_hall_objection_once"),
        ),
    ]
