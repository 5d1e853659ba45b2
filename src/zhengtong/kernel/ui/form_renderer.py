"""How widgets are rendered: by Django's own templates, unless one of the folders in the settings stands in."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property


class FormRenderer(DjangoTemplates):
    """Looks into the template folders of the settings first, then where Django looks."""

    @cached_property
    def engine(self) -> Any:
        """The engine with these folders; Django's own would need its app ``forms``, whose label is taken."""
        ours: list[Path] = list(settings.TEMPLATES[0].get("DIRS", ()))  # type: ignore[call-overload]  # a plain setting
        folders = [*ours, Path(forms.__file__).parent / "templates"]
        return self.backend({"APP_DIRS": True, "DIRS": folders, "NAME": "forms", "OPTIONS": {}})
