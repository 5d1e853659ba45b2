"""Service centres as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class ServiceCentreConfig(SystemConfig):
    """The physical halls: places, windows, duty, appointments, queues."""

    name = "zhengtong.systems.service_centre"
    label = "service_centre"
    verbose_name = "便民服务中心"
    aliases = ("政务大厅管理", "大厅管理", "预约", "排队叫号", "政务服务中心管理", "窗口管理")
    plan_refs = ("P-70", "P-84")
    home_url = "/centre/"

    def ready(self) -> None:
        """Name the acts, work in time, and stand on guides and on applicants' pages."""
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.ratings.registry import rateable
        from zhengtong.kernel import erasure
        from zhengtong.kernel.loops import register_loop
        from zhengtong.kernel.pages import Entrance, applicant_acts, guide_acts, public_entrances
        from zhengtong.systems.service_centre import api
        from zhengtong.systems.service_centre.constants import ACT_LABELS, OBJECT_LABELS, TICKET_KIND
        from zhengtong.systems.service_centre.plugins.ratings import RateableTickets
        from zhengtong.systems.service_centre.services import erasing
        from zhengtong.systems.service_centre.web.blocks import applicant_act, guide_act

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        rateable.register(TICKET_KIND, RateableTickets())
        register_loop("service_centre.reminders", api.remind_waiting, interval=60.0, timed=True)
        register_loop("service_centre.end_of_day", api.end_day, interval=60.0, timed=True)
        erasure.erasers.register("service_centre", erasing.queue_eraser())
        erasing.register_sweeps()
        guide_acts.register("service_centre", guide_act)
        applicant_acts.register("service_centre", applicant_act)
        public_entrances.register(
            "service_centre", Entrance("service_centre:home", "便民服务中心", "查大厅、预约、看排队")
        )
