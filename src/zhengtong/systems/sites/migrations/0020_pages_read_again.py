"""Have every page read again in the coming night: addresses in the fields of modules count as links, too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sites", "0019_outside_links")]

    operations = [migrations.RunSQL("delete from sites_pagereading", migrations.RunSQL.noop)]
