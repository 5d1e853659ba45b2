"""Words of service centres: levels of places, states of appointments and tickets, standings in the queue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import retention
from zhengtong.kernel.inventory import MODEL_COPY, Activity, Basis


class PlaceLevel(models.TextChoices):
    """What kind of hall a place is."""

    COUNTY = "county", _("县级大厅")
    TOWN = "town", _("乡镇（街道）中心")
    VILLAGE = "village", _("村（社区）服务点")


class Half(models.TextChoices):
    """Half of a day on duty."""

    MORNING = "am", _("上午")
    AFTERNOON = "pm", _("下午")


class ServiceKind(models.TextChoices):
    """What a window is named for: one item, or all items of a unit."""

    ITEM = "item", _("事项")
    ORG = "org", _("部门")


class RequestKind(models.TextChoices):
    """What somebody on the roster asks for."""

    LEAVE = "leave", _("请假")
    SWAP = "swap", _("换班")


class RequestState(models.TextChoices):
    """Where a request of the roster stands."""

    ASKED = "asked", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class AppointmentState(models.TextChoices):
    """Where an appointment stands."""

    BOOKED = "booked", _("已预约")
    ARRIVED = "arrived", _("已到场取号")
    CANCELLED = "cancelled", _("已取消")
    MISSED = "missed", _("未到场")


class TicketState(models.TextChoices):
    """Where a ticket stands."""

    WAITING = "waiting", _("等候")
    CALLED = "called", _("正在办理")
    SKIPPED = "skipped", _("过号")
    FINISHED = "finished", _("已办理")
    CANCELLED = "cancelled", _("已取消")
    LAPSED = "lapsed", _("当日作废")


class TicketSource(models.TextChoices):
    """Where a ticket was taken."""

    KIOSK = "kiosk", _("取号机")
    PHONE = "phone", _("手机")


class Standing(models.TextChoices):
    """As whom somebody waits; the head start of each is a parameter."""

    USUAL = "usual", _("普通")
    ELDERLY = "elderly", _("老年人（60 岁以上）")
    DISABLED = "disabled", _("残疾人")
    MILITARY = "military", _("现役军人、退役军人、军属")
    PREGNANT = "pregnant", _("孕妇、带婴幼儿的家长")


HALL_MANAGER = "hall_manager"
#: roles of people who may sit at a window when the roster says so
WINDOW_ROLES = ("clerk", "counter", "hall_manager")
PLACE_KIND = "service_place"
WINDOW_KIND = "service_window"
APPOINTMENT_KIND = "appointment"
TICKET_KIND = "queue_ticket"
#: tickets that still ask something of somebody
OPEN_TICKETS = ("waiting", "called", "skipped")

ACT_LABELS = {
    "service_centre.save_place": "维护服务场所",
    "service_centre.save_zone": "维护大厅分区",
    "service_centre.save_window": "维护服务窗口",
    "service_centre.close_place": "安排停开",
    "service_centre.reopen_place": "撤销停开安排",
    "service_centre.set_slots": "调整预约名额",
    "service_centre.admit_attendant": "安排进驻人员",
    "service_centre.dismiss_attendant": "撤回进驻人员",
    "service_centre.set_duties": "编排值班表",
    "service_centre.ask_leave": "值班请假",
    "service_centre.ask_swap": "申请换班",
    "service_centre.decide_duty_request": "审批值班申请",
    "service_centre.withdraw_duty_request": "撤回值班申请",
    "service_centre.book": "预约到大厅办理",
    "service_centre.change_appointment": "改约",
    "service_centre.cancel_appointment": "取消预约",
    "service_centre.miss_appointment": "登记预约未到场",
    "service_centre.take_ticket": "取号",
    "service_centre.open_window": "开放窗口",
    "service_centre.shut_window": "暂停窗口",
    "service_centre.call": "叫号",
    "service_centre.recall": "重新呼叫",
    "service_centre.skip": "登记过号",
    "service_centre.return_ticket": "过号重排",
    "service_centre.transfer": "转窗口办理",
    "service_centre.finish": "窗口办理完毕",
    "service_centre.cancel_ticket": "放弃排队",
    "service_centre.lapse_ticket": "排队号当日作废",
    "service_centre.renew_kiosk_key": "更换取号机密钥",
}
OBJECT_LABELS = {
    PLACE_KIND: "服务场所",
    WINDOW_KIND: "服务窗口",
    APPOINTMENT_KIND: "预约",
    TICKET_KIND: "排队号",
}

#: what appointments and the queue hold data for
QUEUE = Activity(
    purpose="预约、排队和统计爽约",
    basis=Basis.CONSENT,
    kept="当天以后",
    period=retention.days("queue", 730, label="预约和排队记录中的代号保留时间", source="本平台设定（待核实）"),
    copies=(MODEL_COPY,),
)
ROSTER = Activity(
    purpose="安排窗口值班",
    basis=Basis.DUTY,
    kept="当天以后",
    period=retention.days("roster", 730, label="值班记录保留时间", source="本平台设定（待核实）"),
    stays="工作人员履行职务的记录",
)
