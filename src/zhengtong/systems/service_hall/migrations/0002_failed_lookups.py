"""Wrong pairs of number and query code are counted, so that codes cannot be guessed."""

from django.db import migrations, models

import zhengtong.kernel.clock
import zhengtong.kernel.fields
import zhengtong.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("service_hall", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FailedLookup",
            fields=[
                ("id", models.UUIDField(default=zhengtong.kernel.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="标识")),
                ("tenant", zhengtong.kernel.fields.TenantField(max_length=12, verbose_name="租户")),
                ("created_at", models.DateTimeField(default=zhengtong.kernel.clock.now, editable=False, verbose_name="创建时间")),
                ("visitor", models.CharField(max_length=64, verbose_name="会话摘要")),
                ("address", models.CharField(max_length=64, verbose_name="网络地址摘要")),
            ],
            options={
                "verbose_name": "查询失败",
                "indexes": [
                    models.Index(fields=["visitor", "created_at"], name="service_hall_failed_visitor"),
                    models.Index(fields=["address", "created_at"], name="service_hall_failed_address"),
                    models.Index(fields=["created_at"], name="service_hall_failed_at"),
                ],
            },
        ),
    ]
