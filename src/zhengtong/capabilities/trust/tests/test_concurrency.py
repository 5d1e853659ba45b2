"""Several processes at once, on a database whose transactions really commit."""

import threading
import uuid

import pytest
from django.db import connection

from zhengtong.capabilities.trust import api
from zhengtong.capabilities.trust.constants import SealKind
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel.actors import system


@pytest.mark.usefixtures("committed_db", "cheap_key_store")
def test_requests_at_once_make_one_seal() -> None:
    made: list[uuid.UUID] = []

    def make() -> None:
        try:
            actor = system("980723")
            kind = SealKind.OFFICIAL
            info = api.ensure_seal(actor=actor, org_id=uuid.UUID(int=1), org_name=factories.ORG, kind=kind)
            made.append(info.id)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 4
    assert len(set(made)) == 1
    assert Seal.objects.count() == 1
    assert sorted(Certificate.objects.values_list("role", flat=True)) == [
        *["issuing"] * 2,
        *["root"] * 2,
        *["seal"] * 2,
    ]
