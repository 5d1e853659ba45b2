"""身份认证与授权 as a Django app."""

from zhengtong.kernel.systems import SystemConfig


class IdentityConfig(SystemConfig):
    """People, organisations, posts, accounts and sign-in."""

    name = "zhengtong.capabilities.identity"
    label = "identity"
    verbose_name = "统一身份认证系统"
    aliases = ("身份认证与授权", "电子身份认证", "授权管理", "用户管理", "单点登录")
    plan_refs = ("Q-26", "P-14", "J-52", "J-85")
    home_url = "/accounts/"

    def ready(self) -> None:
        """Name acts and objects for the ledger, say what is held about a person."""
        from zhengtong.capabilities.identity.constants import ACT_LABELS, OBJECT_LABELS
        from zhengtong.capabilities.identity.selectors.holdings import holdings_of_person, readables_of_person
        from zhengtong.capabilities.identity.selectors.relations import same_person
        from zhengtong.capabilities.identity.services import erasing
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.kernel import erasure
        from zhengtong.kernel.personal_data import holdings, readables

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        for kind, label in OBJECT_LABELS.items():
            object_labels.register(kind, label)
        holdings.register("identity", holdings_of_person)
        readables.register("identity", readables_of_person)
        erasure.whole_person.register("identity", same_person)
        erasure.erasers.register("identity", erasing.person_eraser())
        erasing.register_sweeps()
