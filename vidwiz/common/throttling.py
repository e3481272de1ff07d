"""Every call is counted: by the account that makes it, or by the address of whoever has none."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from starlette.requests import Request as StarletteRequest

from vidwiz.common import limits
from vidwiz.common.addresses import client_address

if TYPE_CHECKING:  # rest_framework.views imports this module: the settings name it
    from rest_framework.views import APIView


class _Throttle(BaseThrottle):
    seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self.seconds = max((limits.hit(name, who) for name, who in self.counted(request, view)), default=0)
        return not self.seconds

    def wait(self) -> float:
        return self.seconds

    def counted(self, request: Request, view: "APIView") -> Iterator[tuple[str, str]]:
        """Which limits this request uses, and who by."""
        raise NotImplementedError


class AddressThrottle(_Throttle):
    """Whoever has no account; and, whoever it is, what the view's `throttle_scope` names."""

    def counted(self, request: Request, view: "APIView") -> Iterator[tuple[str, str]]:
        if _account(request) is None:
            yield "address", client_address(request)
        scope = getattr(view, "throttle_scope", None)
        if scope:
            yield scope, client_address(request)


class AccountThrottle(_Throttle):
    """Whoever has an account, wherever they are."""

    def counted(self, request: Request, view: "APIView") -> Iterator[tuple[str, str]]:
        account = _account(request)
        if account is not None:
            yield "account", str(account)


def _account(request: Request) -> int | None:
    return getattr(request.user, "pk", None)  # guests and helpers are users without one


def count(request: StarletteRequest, *, account: int | None) -> None:
    """What the throttles do, for the endpoints outside Django. Raises `Limited`."""
    used = ("address", client_address(request)) if account is None else ("account", str(account))
    if seconds := limits.hit(*used):
        raise limits.Limited(seconds)


def limited_at_the_door(request: Request, view: "APIView") -> exceptions.Throttled | None:
    """Counts a call that was refused for its credential, which DRF does before it asks the throttles."""
    if not request.authenticators or request.successful_authenticator:
        return None  # the view's own refusal, of a password: that call was counted when it came in
    try:
        view.check_throttles(request)
    except exceptions.Throttled as limited:
        return limited
    return None
