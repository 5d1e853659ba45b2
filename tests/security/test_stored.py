"""Files and personal data as they lie on the disk and in the tables."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve
from PIL import Image

from tests.fitness.tree import own_models
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel import storage
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.ui.exports import paper
from zhengtong.kernel.uploads import checked_upload

pytestmark = pytest.mark.django_db

NUMBER, PHONE = "11010519491231002X", "13812345678"


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "a\x00b.php", "shell.php.png"])
def test_uploads_lie_under_their_digest_outside_what_is_served(name: str) -> None:
    row = storage.store_upload(tenant=factories.tenant(), upload=checked_upload(name, _picture()))

    found = list((Path(settings.ZHENGTONG_VAR) / "files").rglob(row.digest))
    assert [path.name for path in found] == [row.digest]
    assert not found[0].stat().st_mode & 0o111
    assert not any(sign in row.name for sign in "/\\\x00")
    for path in (f"/files/{row.digest}", f"/media/{row.digest}", f"/static/../files/{row.digest}"):
        with pytest.raises(Resolver404):
            resolve(path)
    answer = Client().get(f"/static/../{found[0].relative_to(settings.ZHENGTONG_VAR)}")
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ['合同".pdf', "a\r\nSet-Cookie: x=1.pdf", "b;filename=c.exe", "普通.pdf"])
def test_a_name_with_quotes_and_line_ends_breaks_no_header(name: str) -> None:
    row = storage.store_upload(tenant=factories.tenant(), upload=checked_upload(name, _picture()))

    header = paper(row.name, b"x")["Content-Disposition"]

    assert header.startswith("attachment; filename")
    assert "\r" not in header
    assert "\n" not in header
    assert "Set-Cookie: x" not in header.split(";")[0]


def test_personal_data_are_ciphertext_in_every_table() -> None:
    factories.citizen("张一", number=NUMBER, phone=PHONE)
    read = 0
    with connection.cursor() as cursor:
        for model in own_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, EncryptedTextField):
                    table, column = (connection.ops.quote_name(n) for n in (model._meta.db_table, field.column))
                    cursor.execute(f"select {column} from {table} where {column} <> ''")
                    values = [row[0] for row in cursor.fetchall()]
                    read += len(values)
                    assert all(value.startswith("k") and ":" in value for value in values)
        cursor.execute("select citizen_number_index, phone_index from identity_person")
        [indexes] = cursor.fetchall()

    assert read >= 2
    assert all(len(index) == 64 and NUMBER not in index and PHONE not in index for index in indexes)
