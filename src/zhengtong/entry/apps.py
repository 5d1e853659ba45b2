"""The top floor as a Django app: templates of the portal and the console."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    """Portal, console and the pages that belong to no single system."""

    name = "zhengtong.entry"
    label = "entry"
    verbose_name = "门户与控制台"

    def ready(self) -> None:
        """Say where each kind of person begins after signing in, and which divisions can be chosen."""
        from zhengtong.capabilities.forms.registry import DIVISION_NAMES, DIVISION_TREE, division_names, division_trees
        from zhengtong.capabilities.identity.registry import landing_pages
        from zhengtong.entry.divisions import DivisionsOfTheCounty, name_of
        from zhengtong.entry.landing import landing_page

        landing_pages.register("entry", landing_page)
        division_trees.register(DIVISION_TREE, DivisionsOfTheCounty())
        division_names.register(DIVISION_NAMES, name_of)
