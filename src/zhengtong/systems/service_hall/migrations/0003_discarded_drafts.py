"""A draft may be thrown away; like a draft it has no number and no case."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("service_hall", "0002_failed_lookups")]

    operations = [
        migrations.RemoveConstraint(model_name="application", name="service_hall_submitted_has_case"),
        migrations.AlterField(
            model_name="application",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("discarded", "已删除"),
                    ("submitted", "办理中"),
                    ("supplement", "待补正"),
                    ("closed", "已办结"),
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "discarded"],
                    number__isnull=True,
                    case_id__isnull=True,
                    submitted_at__isnull=True,
                )
                | Q(
                    status__in=["submitted", "supplement", "closed"],
                    number__isnull=False,
                    case_id__isnull=False,
                    submitted_at__isnull=False,
                ),
                name="service_hall_submitted_has_case",
            ),
        ),
    ]
