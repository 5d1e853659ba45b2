"""The plain Wagtail site for granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.wagtail_peer.settings"
application = get_wsgi_application()
