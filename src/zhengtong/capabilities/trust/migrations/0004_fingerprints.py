"""数字证书: fingerprints for rows made before; the old roots are retired, because they may have nobody below them
but holders (path length 0), and are told by which key they publish revocations."""

import hashlib
from typing import Any

from asn1crypto import pem
from django.db import migrations


def name(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("trust", "Certificate").objects.filter(fingerprint=""):
        row.fingerprint = hashlib.new("sm3", pem.unarmor(row.pem.encode())[2]).hexdigest()
        if row.role == "root" and row.is_development and not row.key_name:
            row.key_name = f"development-root-{row.tenant}-{row.algorithm.lower()}"
            if row.status == "active":
                row.status = "retired"
        row.save(update_fields=["fingerprint", "key_name", "status"])


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("trust", "Certificate").objects.filter(role="root", status="retired").update(status="active")


class Migration(migrations.Migration):

    dependencies = [
        ('trust', '0003_authority_and_evidence'),
    ]

    operations = [migrations.RunPython(name, forget)]
