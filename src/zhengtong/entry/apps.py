"""The top floor as a Django app: templates of the portal and the console."""

from django.apps import AppConfig
from django.conf import settings

_ACT_LABELS = {
    "operations.backed_up": "备份全部数据",
    "operations.maintenance_began": "开启维护模式",
    "operations.maintenance_ended": "结束维护模式",
    "operations.parameter_set": "设定参数",
    "operations.statements_reset": "慢查询清零",
    "operations.upgraded": "升级平台",
}
_OBJECT_LABELS = {
    "backup": "备份",
    "maintenance": "维护",
    "parameter": "参数",
    "statements": "数据库语句统计",
    "upgrade": "升级",
}


class EntryConfig(AppConfig):
    """Portal, console and the pages that belong to no single system."""

    name = "zhengtong.entry"
    label = "entry"
    verbose_name = "门户与控制台"

    def ready(self) -> None:
        """Say where each kind of person begins after signing in, which divisions can be chosen; let a demo live on."""
        from zhengtong.capabilities.forms.registry import DIVISION_NAMES, DIVISION_TREE, division_names, division_trees
        from zhengtong.capabilities.identity.registry import landing_pages
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.entry.backup.erasures import note_carried_out
        from zhengtong.entry.divisions import DivisionsOfTheCounty, name_of
        from zhengtong.entry.landing import landing_page
        from zhengtong.kernel import erasure
        from zhengtong.kernel.loops import register_loop

        erasure.afterwards.register("backup", note_carried_out)
        if settings.ZHENGTONG_DEMO:
            from zhengtong.entry.simulator.service import go_on

            register_loop("demo_past", go_on, interval=5.0)
        else:
            from zhengtong.entry.backup.schedule import look

            register_loop("backup", look, interval=30.0, timed=True)
        for act, label in _ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in _OBJECT_LABELS.items():
            object_labels.register(kind, label)
        landing_pages.register("entry", landing_page)
        division_trees.register(DIVISION_TREE, DivisionsOfTheCounty())
        division_names.register(DIVISION_NAMES, name_of)
