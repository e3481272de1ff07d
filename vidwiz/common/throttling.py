"""Limits by address, on the shared cache."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView


class AddressThrottle(ScopedRateThrottle):
    """`throttle_scope` of the view names its rate; RATE_LIMIT_ENABLED=false turns all limits off."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return not settings.RATE_LIMIT_ENABLED or super().allow_request(request, view)
