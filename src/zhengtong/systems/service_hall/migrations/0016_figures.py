"""Statistics: one row a case, and the monthly reports; a report that was made is never changed or deleted."""

import django.db.models.deletion
import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids
from django.db import migrations, models


KEPT = """
create function service_hall_report_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.document_id is null and to_jsonb(new) - 'document_id' = to_jsonb(old) - 'document_id' then
        return new;
    end if;
    raise exception 'report % is kept as it was made', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger service_hall_report_is_kept before update or delete on service_hall_monthlyreport
    for each row execute function service_hall_report_is_kept();
"""
FORGOTTEN = """
drop trigger service_hall_report_is_kept on service_hall_monthlyreport;
drop function service_hall_report_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("service_hall", "0015_towns_and_delivery"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthlyReport",
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
                ("month", models.DateField(verbose_name="月份")),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("figures", models.JSONField(verbose_name="指标")),
                ("sentences", models.JSONField(verbose_name="文字说明")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="重新生成的理由")),
                ("made_by", models.CharField(max_length=60, verbose_name="生成人")),
                ("made_by_id", models.UUIDField(null=True, verbose_name="生成人标识")),
                ("document_id", models.UUIDField(null=True, verbose_name="文书标识")),
            ],
            options={
                "verbose_name": "办件月报",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "month", "version"), name="service_hall_report_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1), ("version__gte", 1)), name="service_hall_report_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="service_hall_report_why_again",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFigure",
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
                ("case_id", models.UUIDField(verbose_name="办件标识")),
                ("number", models.CharField(max_length=50, verbose_name="办件编号")),
                ("item_code", models.CharField(max_length=50, verbose_name="事项编码")),
                ("item_name", models.CharField(max_length=200, verbose_name="事项名称")),
                ("org_id", models.UUIDField(verbose_name="主办单位标识")),
                ("org_name", models.CharField(max_length=120, verbose_name="主办单位")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "网上申请"),
                            ("counter", "县窗口代录"),
                            ("township", "乡镇便民服务中心代录"),
                            ("village", "村（社区）代办点代录"),
                        ],
                        max_length=10,
                        verbose_name="受理渠道",
                    ),
                ),
                ("applied_on", models.DateField(verbose_name="收件日期")),
                ("accepted_on", models.DateField(null=True, verbose_name="受理日期")),
                ("closed_on", models.DateField(null=True, verbose_name="办结日期")),
                ("outcome", models.CharField(blank=True, max_length=16, verbose_name="结果")),
                ("days", models.PositiveSmallIntegerField(null=True, verbose_name="办理用时（工作日）")),
                ("promised_days", models.PositiveSmallIntegerField(null=True, verbose_name="承诺时限（工作日）")),
                ("statutory_days", models.PositiveSmallIntegerField(null=True, verbose_name="法定时限（工作日）")),
                ("late_on", models.DateField(null=True, verbose_name="已超过的承诺时限截止日")),
                ("statutory_late", models.BooleanField(default=False, verbose_name="超过法定时限")),
                ("notices", models.PositiveSmallIntegerField(default=0, verbose_name="一次性告知次数")),
                ("papers", models.PositiveSmallIntegerField(default=0, verbose_name="材料份数")),
                ("reused", models.PositiveSmallIntegerField(default=0, verbose_name="免提交材料份数")),
                ("trips", models.PositiveSmallIntegerField(default=0, verbose_name="到现场次数")),
                ("trips_before", models.PositiveSmallIntegerField(default=0, verbose_name="网办以前的到现场次数")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figure",
                        to="service_hall.application",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "办件统计行",
                "indexes": [
                    models.Index(fields=["tenant", "applied_on"], name="service_hall_figure_applied"),
                    models.Index(fields=["tenant", "accepted_on"], name="service_hall_figure_accepted"),
                    models.Index(fields=["tenant", "closed_on"], name="service_hall_figure_closed"),
                    models.Index(fields=["tenant", "org_id", "item_code"], name="service_hall_figure_item"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("outcome", "")),
                            models.Q(("closed_on__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="service_hall_figure_closed_with_outcome",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEPT, FORGOTTEN),
    ]
