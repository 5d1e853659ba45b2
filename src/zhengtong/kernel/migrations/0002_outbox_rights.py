"""An event, once written, is neither changed nor deleted by the application: it only marks how delivery goes."""

from django.db import migrations

from zhengtong.kernel.privileges import on_application_role

# what the relay writes (kernel/outbox.py)
_DELIVERY = "attempts, next_try_at, last_error, delivered_at"


def restrict(role: str) -> list[str]:
    """Read, append, and mark the delivery."""
    return [
        f"revoke update, delete on kernel_outboxevent from {role}",
        f"grant update ({_DELIVERY}) on kernel_outboxevent to {role}",
    ]


def release(role: str) -> list[str]:
    """The way back: the rights that every other table has."""
    return [
        f"revoke update ({_DELIVERY}) on kernel_outboxevent from {role}",
        f"grant update, delete on kernel_outboxevent to {role}",
    ]


class Migration(migrations.Migration):
    """Rights only; no lock on rows."""

    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(on_application_role(restrict), on_application_role(release))]
