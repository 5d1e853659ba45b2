"""撤销列表和时间戳签发记录只增不改: the application's role loses the right to change or delete them."""

from django.db import migrations

from zhengtong.kernel.privileges import on_application_role

_TABLES = ("trust_revocationlist", "trust_timestamprecord")


def restrict(role: str) -> list[str]:
    """Read and append."""
    return [f"revoke update, delete on {table} from {role}" for table in _TABLES]


def release(role: str) -> list[str]:
    """The way back."""
    return [f"grant update, delete on {table} to {role}" for table in _TABLES]


class Migration(migrations.Migration):

    dependencies = [
        ('trust', '0005_certificates_are_one'),
    ]

    operations = [migrations.RunPython(on_application_role(restrict), on_application_role(release))]
