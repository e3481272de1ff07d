"""The REST API and the admin under a threaded WSGI server. Streams need vidwiz.asgi."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vidwiz.settings")
application = get_wsgi_application()
