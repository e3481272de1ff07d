"""Where django-allauth asks this project: what the links in its mails look like."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmationHMAC
from django.conf import settings
from django.http import HttpRequest

# After the #: it stays in the browser, and out of every log and Referer on the way.
RESET_PAGE = "/reset-password#key="
CONFIRM_PAGE = "/confirm-email#key="


class AccountAdapter(DefaultAccountAdapter):
    """Mails are sent by a worker, which has no request to take this server's address from."""

    def get_reset_password_from_key_url(self, key: str) -> str:
        return f"{settings.PUBLIC_URL}{RESET_PAGE}{key}"

    def get_email_confirmation_url(
        self, request: HttpRequest | None, emailconfirmation: EmailConfirmationHMAC
    ) -> str:
        return f"{settings.PUBLIC_URL}{CONFIRM_PAGE}{emailconfirmation.key}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        about = {"email": email, "public_url": settings.PUBLIC_URL}
        self.render_mail(template_prefix, email, about | context).send()
