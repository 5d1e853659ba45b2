"""A duty more that a certificate may be for: signing data handed to another platform. No SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0008_person_certificate_applications")]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="role",
            field=models.CharField(
                choices=[
                    ("root", "根证书"),
                    ("issuing", "签发证书"),
                    ("seal", "印章证书"),
                    ("maker", "制章证书"),
                    ("token", "核验码证书"),
                    ("exchange", "数据交换证书"),
                    ("timestamp", "时间戳证书"),
                    ("responder", "状态查询证书"),
                    ("person", "人员证书"),
                ],
                max_length=20,
                verbose_name="用途",
            ),
        ),
    ]
