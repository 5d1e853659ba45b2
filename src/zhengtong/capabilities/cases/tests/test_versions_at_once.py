"""Two drawings of one process frozen at once get one number each, and one of them is in force."""

import pytest

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import ProcessVersion
from zhengtong.capabilities.cases.tests.county import DRAWINGS, TENANT, found_county, officer
from zhengtong.kernel.testing.two_at_once import meeting


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("key", ["never_drawn", "standard"])
def test_versions_frozen_at_once_follow_each_other(key: str) -> None:
    found_county()
    actor, approver = officer("G22", "process_admin"), officer("G22", "leader")
    xml = (DRAWINGS / "standard.bpmn").read_text(encoding="utf-8")
    before = ProcessVersion.objects.filter(tenant=TENANT, key=key).count()

    def freeze(note: str) -> ProcessVersion:
        drawing = f"{xml}<!-- {note} -->"
        return api.deploy_process(actor=actor, approver=approver, key=key, title="一般办件", bpmn_xml=drawing)

    second = meeting(lambda: freeze("a"), lambda: freeze("b"))

    assert isinstance(second, ProcessVersion)
    assert second.version == before + 2
    assert list(ProcessVersion.objects.filter(key=key, active=True)) == [second]
