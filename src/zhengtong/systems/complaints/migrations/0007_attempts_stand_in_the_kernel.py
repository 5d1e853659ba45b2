"""Attempts of an address are counted in the kernel's table; what stands here is a day old at most."""

from django.db import migrations

# nobody writes during an upgrade; the way back is the back-up it sets aside
DROP = """-- squawk-ignore ban-drop-table
drop table complaints_complainttry"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_attempts'),
        ('complaints', '0006_whom_the_proposer_stood_for'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP])],
            state_operations=[migrations.DeleteModel(name='ComplaintTry')],
        ),
    ]
