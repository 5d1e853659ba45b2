"""Electronic forms as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class FormsConfig(SystemConfig):
    """One declaration that renders, checks and prints."""

    name = "zhengtong.capabilities.forms"
    label = "forms"
    verbose_name = "电子表单"
    aliases = ("智能表单", "网上填报")
    plan_refs = ("Q-19",)

    def ready(self) -> None:
        """Name the acts for the ledger."""
        from zhengtong.capabilities.forms.constants import ACT_LABELS, FORM_KIND
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        object_labels.register(FORM_KIND, "表单")
