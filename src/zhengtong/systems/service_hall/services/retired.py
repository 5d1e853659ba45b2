"""An item is taken out of use: whoever has a draft of it is told, before he loses more time with it."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.catalogue import ItemRetired
from zhengtong.systems.service_hall.constants import ApplicationStatus
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.services.telling import tell_applicant


@transaction.atomic
def tell_drafts(event: ItemRetired) -> int:
    """Tell everybody who has a draft of the item; gives how many. What was handed in goes on and needs no word."""
    rows = Application.objects.filter(tenant=event.tenant, item_code=event.code, status=ApplicationStatus.DRAFT)
    told = 0
    for row in rows.order_by("id"):
        tell_applicant(
            row,
            _("您填写中的事项已停用"),
            _("%(org)s停用了“%(item)s”，保存的草稿不能再提交。需要办理的，请在办事大厅查找替代的事项。")
            % {"org": event.org_name, "item": row.item_name},
        )
        told += 1
    return told
