"""Somebody comes to a state folder, is erased from it, or is looked for in it: ``leaving STATE come|erase|look``."""

import json
import sys
from pathlib import Path

from zhengtong.entry.runtime.environment import connected
from zhengtong.entry.runtime.state_folder import StateFolder

NAME, PHONE = "亓官无双", "13877712345"


def main(state: str, act: str) -> None:
    """Do it and print what is known of it as JSON."""
    with connected(StateFolder(Path(state)), role="app"):
        from django.conf import settings

        from zhengtong.capabilities.identity.tests import factories as people
        from zhengtong.entry.tests.everywhere import places_of
        from zhengtong.kernel.testing.work import do_all_work
        from zhengtong.systems.service_hall import api
        from zhengtong.systems.service_hall.models import ErasureRequest

        if act == "come":
            citizen = people.citizen(NAME, number=people.citizen_number(833, born="19710923"), phone=PHONE)
            api.ask_erasure(actor=citizen, reason="不再使用")
        if act == "erase":
            guard = people.official("guard", "sec_admin", org_code="K09", org_name="青禾县数据局")
            asked = ErasureRequest.objects.get()
            api.decide_erasure(actor=guard, request_id=asked.id, grant=True, answer="同意。")
            do_all_work()
        asked = ErasureRequest.objects.get()
        found = {"state": asked.state, "places": sorted(places_of((NAME, PHONE))), "var": str(settings.ZHENGTONG_VAR)}
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
