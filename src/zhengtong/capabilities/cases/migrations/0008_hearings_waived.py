"""The right to a hearing can be waived; the notices of a hearing are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_hearings_and_hand_overs_checked"),
    ]

    operations = [
        migrations.AddField(
            model_name="hearing",
            name="notices",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="听证通知次数"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="waived_on",
            field=models.DateField(null=True, verbose_name="放弃听证日"),
        ),
    ]
