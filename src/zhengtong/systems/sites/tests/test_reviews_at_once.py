"""Two who sign for the same page at once: one publishes, the other is told."""

import pytest
import time_machine

from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.sites import api
from zhengtong.systems.sites.tests import group as town
from zhengtong.systems.sites.tests import office


@pytest.mark.usefixtures("committed_db")
def test_of_two_who_sign_at_once_one_publishes_and_one_is_told():
    with time_machine.travel(town.MONDAY, tick=False):
        sites = town.group()
        office.process_in_force()
        boss = town.keeper("boss", "site_admin", org=town.OFFICE)
        api.set_reviews(actor=boss, site_id=sites["g22"].pk, column_id=None, reviews=1)
        editor = town.keeper("editor", "site_editor")
        signers = [town.keeper(f"signer{n}", "site_publisher") for n in range(2)]
        page = town.drafted(sites["g22"], editor)
        api.submit_page(actor=editor, page_id=page.pk)
        task = office.task_of(signers[0])

        def sign(signer):
            return api.decide_review(actor=signer, work_item_id=task.id, outcome="sign", command_key=signer.name)

        second = meeting(lambda: sign(signers[0]), lambda: sign(signers[1]))

    assert isinstance(second, Conflict)
    assert Entry.objects.filter(act="sites.publish", object_id=str(page.pk)).count() == 1
