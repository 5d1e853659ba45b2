"""When handlers are told that a limit ends soon; limits that run already get theirs when they are next counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_tasks_find_their_officer_checked")]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="hint_at",
            field=models.DateTimeField(null=True, verbose_name="提示时刻"),
        ),
    ]
