"""All of VidWiz under an ASGI server: Django, and before it the endpoints that answer for minutes."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vidwiz.settings")
django = get_asgi_application()  # loads the apps, so it comes before what imports them

from django.conf import settings  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Mount, Route  # noqa: E402

from apps.videos import longpoll, stream  # noqa: E402
from vidwiz.common.bodies import LimitBody  # noqa: E402

application = Starlette(
    # GET alone: any other method falls through to Django, which documents these paths and says 405.
    routes=[
        Route("/v2/videos/{video_id:path}/stream", stream.stream_video),
        Route("/v2/internal/tasks", longpoll.next_task),
        Mount("/", LimitBody(django, max_bytes=settings.INTERNAL_MAX_BODY_BYTES)),
    ]
)
