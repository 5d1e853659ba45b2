"""Addresses outside the catalogue that its pages lead to."""

from django.urls import NoReverseMatch, reverse

from zhengtong.capabilities.catalogue.api import ItemVersionView


def apply_url(item: ItemVersionView) -> str:
    """Where an application begins; empty when it cannot be made over the net, or no hall is installed."""
    if not item.online:
        return ""
    try:
        return reverse("service_hall:apply", args=[item.code])
    except NoReverseMatch:
        return ""
