"""Addresses below ``/services/``: the applicant's pages and the officials' desk."""

import importlib
import importlib.util

from zhengtong.systems.service_hall.web import citizen_urls

app_name = "service_hall"
urlpatterns = [*citizen_urls.urlpatterns]

_DESK = "zhengtong.systems.service_hall.web.desk_urls"
if importlib.util.find_spec(_DESK):
    urlpatterns += importlib.import_module(_DESK).urlpatterns
