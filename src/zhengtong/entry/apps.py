"""The top floor as a Django app: templates of the portal and the console."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    """Portal, console and the pages that belong to no single system."""

    name = "zhengtong.entry"
    label = "entry"
    verbose_name = "门户与控制台"
