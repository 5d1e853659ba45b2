"""The app of electronic licences and documents."""

from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.systems import SystemConfig


class DocumentsConfig(SystemConfig):
    """Electronic licences, notices, their verification."""

    name = "zhengtong.capabilities.documents"
    label = "documents"
    verbose_name = _("电子证照与电子档案")
    aliases = ("电子文档管理应用系统", "电子证照", "证照查验")
    plan_refs = ("S-30",)
    home_url = "/verify/"

    def ready(self) -> None:
        """Name acts and objects for the ledger, make the OFD of licences, keep the files that trust renews."""
        from zhengtong.capabilities.documents import handlers
        from zhengtong.capabilities.documents.constants import ACT_LABELS, DOCUMENT
        from zhengtong.capabilities.documents.events import DocumentIssued
        from zhengtong.capabilities.documents.plugins.sealed_files import SealedPapers
        from zhengtong.capabilities.ledger.registry import act_labels, object_labels
        from zhengtong.capabilities.trust.registry import sealed_file_keepers
        from zhengtong.kernel.outbox import subscribe

        for act, label in ACT_LABELS.items():
            act_labels.register(act, label)
        object_labels.register(DOCUMENT, "文书")
        sealed_file_keepers.register(DOCUMENT, SealedPapers())
        subscribe(DocumentIssued.NAME, handlers.on_issued, key="documents.ofd")
