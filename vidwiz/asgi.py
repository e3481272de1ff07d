"""All of VidWiz under an ASGI server: Django, and before it the endpoints that answer for minutes."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vidwiz.settings")
django = get_asgi_application()  # loads the apps, so it comes before what imports them

from django.conf import settings  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Mount, Route  # noqa: E402

from apps.accounts import export  # noqa: E402
from apps.videos import longpoll, stream  # noqa: E402
from vidwiz.common.bodies import TakeBody  # noqa: E402

everything_else = TakeBody(django, max_bytes=settings.INTERNAL_MAX_BODY_BYTES)

# For GET (and HEAD, which is refused): any other method goes on to Django, which says 405. Mounted, and the
# default as well, for what a mount does not match: a path with a line break in it.
application = Starlette(
    routes=[
        Route("/v2/videos/{video_id:path}/stream", stream.stream_video),
        Route("/v2/internal/tasks", longpoll.next_task),
        Route("/v2/users/me/export", export.export_account),
        Mount("/", everything_else),
    ]
)
application.router.redirect_slashes = False
application.router.default = everything_else
