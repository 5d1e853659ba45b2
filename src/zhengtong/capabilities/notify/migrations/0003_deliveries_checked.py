"""Old rows get the states of today and are checked, and indexes are built, without locking a running town."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

# this migration is no transaction
_BUILD = "-- squawk-ignore ban-concurrent-index-creation-in-transaction\n"
DUE = f"""{_BUILD}create index concurrently if not exists notify_delivery_due
on notify_mail (channel, next_try_at) where state in ('waiting', 'retry')"""
FLYING = f"""{_BUILD}create index concurrently if not exists notify_delivery_flying
on notify_mail (channel, state) where state in ('sending', 'sent')"""
LIST = f"""{_BUILD}create index concurrently if not exists notify_delivery_list
on notify_mail (tenant, created_at desc)"""
ABOUT = f"""{_BUILD}create index concurrently if not exists notify_message_object
on notify_sitemessage (object_kind, object_id)"""
ONCE = f"""{_BUILD}create unique index concurrently if not exists notify_delivery_once
on notify_mail (message_id, channel)"""
BIND = "alter table notify_mail add constraint notify_delivery_once unique using index notify_delivery_once"
# a mail the server took has arrived, as far as mail can prove it
ARRIVED = "update notify_mail set state = 'delivered', delivered_at = sent_at where channel = 'mail' and state = 'sent'"
DROP_WAITING = f"{_BUILD}drop index concurrently if exists notify_mail_waiting"
DROP_MESSAGE = f"{_BUILD}drop index concurrently if exists notify_mail_message"


def index(table: str, made: models.Index, sql: str) -> migrations.SeparateDatabaseAndState:
    """The index, built while others write."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL([sql], migrations.RunSQL.noop)],
        state_operations=[migrations.AddIndex(model_name=table, index=made)],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notify", "0002_deliveries")]

    operations = [
        migrations.RunSQL([ARRIVED], migrations.RunSQL.noop),
        ValidateConstraint(model_name="delivery", name="notify_delivery_sent_at"),
        ValidateConstraint(model_name="delivery", name="notify_delivery_delivered_at"),
        ValidateConstraint(model_name="delivery", name="notify_delivery_told_at"),
        index(
            "delivery",
            models.Index(
                condition=models.Q(("state__in", ["waiting", "retry"])),
                fields=["channel", "next_try_at"],
                name="notify_delivery_due",
            ),
            DUE,
        ),
        index(
            "delivery",
            models.Index(
                condition=models.Q(("state__in", ["sending", "sent"])),
                fields=["channel", "state"],
                name="notify_delivery_flying",
            ),
            FLYING,
        ),
        index("delivery", models.Index(fields=["tenant", "-created_at"], name="notify_delivery_list"), LIST),
        index(
            "sitemessage", models.Index(fields=["object_kind", "object_id"], name="notify_message_object"), ABOUT
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([ONCE], migrations.RunSQL.noop),
                migrations.RunSQL([BIND], migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.UniqueConstraint(fields=("message", "channel"), name="notify_delivery_once"),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([DROP_WAITING], migrations.RunSQL.noop),
                migrations.RunSQL([DROP_MESSAGE], migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="delivery", name="notify_mail_waiting"),
                migrations.RemoveIndex(model_name="delivery", name="notify_mail_message"),
            ],
        ),
    ]
