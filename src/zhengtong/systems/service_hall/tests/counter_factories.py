"""Counters and what happens at them, for tests; made through the doors of the hall."""

import base64
import uuid

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Sitting
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import hall_factories

WINDOW = ("G25", "青禾县政务服务中心")
TOWN = ("T02", "青禾县东河镇人民政府")
NUMBER = hall.people.citizen_number(901)
NAME, PHONE = "赵大爷", "13800000091"


def window(username: str = "window.one", *, unit: tuple[str, str] = WINDOW, role: str = "counter") -> Actor:
    """An official at a counter: the one-stop window, unless another unit or role is named."""
    return hall.people.official(username, role, org_code=unit[0], org_name=unit[1], name="收件员甲")


def town(username: str = "town.one", *, unit: tuple[str, str] = TOWN) -> Actor:
    """An official at the counter of a town."""
    actor = hall.people.official(username, "counter", org_code=unit[0], org_name=unit[1], name="镇收件员")
    row = identity.OrganisationRow(org_code=unit[0], name=unit[1], level="乡镇级", kind="乡镇人民政府")
    identity.import_organisations(actor=hall.system(hall.TENANT), rows=[row])
    return actor


def stranger(actor: Actor, *, name: str = NAME, number: str = NUMBER, phone: str = PHONE) -> uuid.UUID:
    """A person without an account, taken down at the counter."""
    return identity.take_in_person(actor=actor, name=name, citizen_number=number, phone=phone)


def begun(
    actor: Actor, *, person_id: uuid.UUID | None = None, code: str = hall.SIMPLE, choice: str = "self"
) -> Sitting:
    """A sitting that has just begun."""
    return api.begin_sitting(
        actor=actor, person_id=person_id or stranger(actor), choice=choice, item_code=code, proof="id_card"
    )


def typed(actor: Actor, **more: object) -> Sitting:
    """A sitting in which everything is typed and given; nobody has agreed yet."""
    sitting = begun(actor, **more)  # type: ignore[arg-type]  # named as in begun
    api.save_answers(actor=actor, application_id=sitting.application_id, answers=hall.ANSWERS)
    for key in (hall.REQUIRED, hall.TOLERABLE):
        hall.give(actor, sitting.application, key)
    return sitting


def agreed(actor: Actor, sitting: Sitting, email: str = "") -> Sitting:
    """The person has signed what was shown."""
    return api.record_consent(
        actor=actor, sitting_id=sitting.id, kind="drawn", name="签名.png", content=signature(), email=email
    )


def handed_in(actor: Actor, **more: object) -> Sitting:
    """An application typed at the counter and handed in."""
    sitting = agreed(actor, typed(actor, **more))
    api.submit_application(actor=actor, application_id=sitting.application_id)
    return Sitting.objects.select_related("application").get(pk=sitting.pk)


def signature() -> bytes:
    """A drawn signature."""
    return hall_factories.picture("black")


def drawn() -> str:
    """The same as the pad sends it."""
    return "data:image/png;base64," + base64.b64encode(signature()).decode()
