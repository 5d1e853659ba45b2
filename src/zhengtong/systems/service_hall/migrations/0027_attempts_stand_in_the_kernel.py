"""Attempts of an address are counted in the kernel's table; what stands here is a day old at most."""

from django.db import migrations

# nobody writes during an upgrade; the way back is the back-up it sets aside
DROP = """-- squawk-ignore ban-drop-table
drop table service_hall_failedlookup"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_attempts'),
        ('service_hall', '0026_whom_the_proposer_stood_for'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP])],
            state_operations=[migrations.DeleteModel(name='FailedLookup')],
        ),
    ]
