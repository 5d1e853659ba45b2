"""What was signed stays as it was: the database refuses to change a package's content, its rows, and receipts."""

from django.db import migrations

FORWARD = """
create function exchange_is_kept() returns trigger language plpgsql as $$
begin
    raise exception '% % cannot be changed or deleted', tg_table_name, old.id
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger exchange_package_is_kept
    before update of id, tenant, created_at, dataset, version, sequence, previous, digest, manifest, signature,
        certificate, signed_by, serial, file_id, rows
    or delete on exchange_reportpackage for each row execute function exchange_is_kept();
create trigger exchange_row_is_kept
    before update of id, tenant, package_id, number, dataset, row_key, digest, operation
    or delete on exchange_reportedrow for each row execute function exchange_is_kept();
create trigger exchange_receipt_is_kept before update or delete on exchange_reportreceipt
    for each row execute function exchange_is_kept();
"""

BACKWARD = """
drop trigger exchange_receipt_is_kept on exchange_reportreceipt;
drop trigger exchange_row_is_kept on exchange_reportedrow;
drop trigger exchange_package_is_kept on exchange_reportpackage;
drop function exchange_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
