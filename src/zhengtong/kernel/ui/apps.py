"""Django registration of the component set (templates, static files, template tags)."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Makes ``ui/*`` templates, ``ui/*`` static files and the tag library ``ui`` known to Django."""

    name = "zhengtong.kernel.ui"
    label = "ui"
    verbose_name = "界面组件"
