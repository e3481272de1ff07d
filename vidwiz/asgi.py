"""All of VidWiz under an ASGI server: Django, and before it the endpoints that answer for minutes."""

import os
from collections.abc import Mapping

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vidwiz.settings")
django = get_asgi_application()  # loads the apps, so it comes before what imports them

from rest_framework.exceptions import APIException  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Mount, Route  # noqa: E402

from apps.accounts import authentication, export  # noqa: E402
from apps.videos import longpoll, stream  # noqa: E402
from vidwiz.common.bodies import TakeBody  # noqa: E402
from vidwiz.common.errors import DomainError  # noqa: E402


def is_helper(headers: Mapping[str, str]) -> bool:
    try:
        authentication.check_admin_token(headers)
    except (APIException, DomainError):
        return False
    return True


everything_else = TakeBody(django, is_helper=is_helper)

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
