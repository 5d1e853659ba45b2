"""Papers name the item they were issued for: a delegate for certain items has to do with these only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0005_drafts_bear_no_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="item_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="事项编码"),
        ),
    ]
