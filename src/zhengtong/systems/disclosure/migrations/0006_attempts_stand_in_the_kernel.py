"""Attempts of an address are counted in the kernel's table; what stands here is a day old at most."""

from django.db import migrations

# nobody writes during an upgrade; the way back is the back-up it sets aside
DROP = """-- squawk-ignore ban-drop-table
drop table disclosure_disclosuretry"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_attempts'),
        ('disclosure', '0005_reports_are_kept'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP])],
            state_operations=[migrations.DeleteModel(name='DisclosureTry')],
        ),
    ]
