"""The top floor as a Django app: templates of the portal and the console."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    """Portal, console and the pages that belong to no single system."""

    name = "zhengtong.entry"
    label = "entry"
    verbose_name = "门户与控制台"

    def ready(self) -> None:
        """Say where each kind of person begins after signing in."""
        from zhengtong.capabilities.identity.registry import landing_pages
        from zhengtong.entry.landing import landing_page

        landing_pages.register("entry", landing_page)
