"""Migrations at less cost: what Django asks anew for every foreign key is asked once."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def exchangeable_models_remembered() -> Iterator[None]:
    """Inside the block the process remembers which models a setting may exchange.

    Django remembers it too, but in one memory for all its registries of models, and every model that a migration
    draws into a registry of its own empties that: all models were walked through again at each foreign key.
    """
    from django.apps import apps

    # an attribute of the one registry stands before the method that all registries share
    vars(apps)["get_swappable_settings_name"] = functools.cache(apps.get_swappable_settings_name)
    try:
        yield
    finally:
        del vars(apps)["get_swappable_settings_name"]
