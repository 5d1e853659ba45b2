"""What every app says of itself: the plan's name, other names, the clauses it serves."""

from typing import ClassVar

from django.apps import AppConfig


class SystemConfig(AppConfig):
    """Base of the ``AppConfig`` of capabilities and systems.

    ``verbose_name`` is the name in the planning documents, letter for letter; ``aliases`` other words people
    use; ``plan_refs`` the requirement rows it serves; ``home_url`` the address where an office opens it.
    """

    # Django picks an app's config by itself only where one candidate is left: the imported base must not count.
    default = False
    default_auto_field = "django.db.models.BigAutoField"
    aliases: ClassVar[tuple[str, ...]] = ()
    plan_refs: ClassVar[tuple[str, ...]] = ()
    home_url: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.default = True
