"""Addresses of the console."""

from django.urls import path

from zhengtong.entry.console import demo, personal_data, upkeep, views

app_name = "console"
urlpatterns = [
    path("", views.health, name="health"),
    path("backups/", views.backups, name="backups"),
    path("maintenance/", upkeep.maintenance_mode, name="maintenance"),
    path("maintenance/end/", upkeep.end_maintenance, name="maintenance-end"),
    path("statements/", upkeep.statements, name="statements"),
    path("statements/reset/", upkeep.forget_statements, name="statements-reset"),
    path("personal-data/", personal_data.overview, name="personal-data"),
    path("personal-data/inventory.xlsx", personal_data.inventory_sheet, name="personal-data-xlsx"),
    path("demo/", demo.demo, name="demo"),
    path("demo/progress/", demo.progress, name="demo-progress"),
    path("demo/year/", demo.begin_year, name="demo-year"),
]
