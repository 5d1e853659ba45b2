"""By which versions and limits an application is judged, recorded when it is handed in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service_hall", "0006_renewals_checked")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="pins",
            field=models.JSONField(db_default={}, default=dict, verbose_name="所依据的版本"),
        ),
    ]
