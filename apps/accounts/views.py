from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import google, long_term_tokens, services, sign_ins
from apps.accounts.authentication import SIGN_IN_AGAIN, current_user
from apps.accounts.models import LongTermToken
from apps.accounts.serializers import (
    ConfirmSerializer,
    ForgotSerializer,
    GoogleSerializer,
    LoginSerializer,
    LongTermTokenCreateSerializer,
    LongTermTokenSerializer,
    MessageSerializer,
    NewLongTermTokenSerializer,
    OwnerSerializer,
    RefreshSerializer,
    RegisterSerializer,
    ResetSerializer,
    TokensSerializer,
    UserSerializer,
    UserUpdateSerializer,
)
from vidwiz.common.addresses import client_address
from vidwiz.common.openapi import error

ENDED = (
    "This sign-in has ended: it was signed out, is too old, its password was changed, or this refresh token was used "
    "before. Sign in again."
)
GOOGLE_IS_AWAY = "Nobody can sign in with Google here, or Google does not answer."


class OpenView(APIView):
    """Open to everybody: what is asked for is in the body. Limited by address, under `throttle_scope`."""

    authentication_classes = ()
    permission_classes = ()

    def given(self, serializer: type, request: Request) -> dict[str, str]:
        """The body's fields, validated. Raises DRF's ValidationError."""
        checked = serializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return checked.validated_data


class SignInView(OpenView):
    # Nothing authenticates these views, so DRF would turn a refusal into 403.
    def get_authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _let_in(tokens: sign_ins.Tokens | None, otherwise: str) -> Response:
    if tokens is None:
        raise exceptions.AuthenticationFailed(otherwise)
    return Response(TokensSerializer(tokens).data)


class RegisterView(OpenView):
    throttle_scope = "register"

    @extend_schema(
        request=RegisterSerializer,
        responses={201: MessageSerializer, 409: error("This e-mail address is registered already.")},
        operation_id="register",
    )
    def post(self, request: Request) -> Response:
        """Make an account

        Sign in afterwards. Where the server can send mail, it sends a link that confirms the address.
        """
        services.register(**self.given(RegisterSerializer, request))
        return Response({"message": "Account created. You can sign in now."}, status=201)


class LoginView(SignInView):
    throttle_scope = "login"

    @extend_schema(request=LoginSerializer, responses=TokensSerializer, operation_id="login")
    def post(self, request: Request) -> Response:
        """Sign in with a password

        Send the `token` as `Authorization: Bearer <token>`; before it expires, exchange the `refresh_token` for new ones.
        """
        tokens = services.login(**self.given(LoginSerializer, request), address=client_address(request))
        return _let_in(tokens, "E-mail address and password do not match.")


class GoogleView(SignInView):
    throttle_scope = "google"

    @extend_schema(
        request=GoogleSerializer,
        responses={200: TokensSerializer, 503: error(GOOGLE_IS_AWAY)},
        operation_id="login_with_google",
    )
    def post(self, request: Request) -> Response:
        """Sign in with Google

        Makes the account if there is none. One that was registered with the same address is joined; its password stays
        only if the address had been confirmed.
        """
        given = self.given(GoogleSerializer, request)
        try:
            tokens = services.google_login(**given, address=client_address(request))
        except google.NotGoogles as error:
            raise exceptions.AuthenticationFailed(str(google.NotGoogles.__doc__)) from error
        return _let_in(tokens, "This account is closed, or has another Google account. Use its password.")


class RefreshView(SignInView):
    throttle_scope = "refresh"

    @extend_schema(request=RefreshSerializer, responses=TokensSerializer, operation_id="refresh")
    def post(self, request: Request) -> Response:
        """New tokens for a refresh token

        A refresh token is good once: store the new one before you use it. If one comes twice, somebody has stolen it, and
        that whole sign-in ends.
        """
        given = self.given(RefreshSerializer, request)
        return _let_in(sign_ins.refresh(given["refresh_token"]), ENDED)


class LogoutView(SignInView):
    throttle_scope = "refresh"

    @extend_schema(request=RefreshSerializer, responses=MessageSerializer, operation_id="logout")
    def post(self, request: Request) -> Response:
        """Sign out

        Ends the sign-in that this refresh token belongs to; its access tokens stop working, too.
        """
        given = self.given(RefreshSerializer, request)
        if not sign_ins.end(given["refresh_token"]):
            raise exceptions.AuthenticationFailed(
                "This is no refresh token of this server, or it has expired."
            )
        return Response({"message": "Signed out."})


class ForgotView(OpenView):
    throttle_scope = "forgot"

    @extend_schema(
        request=ForgotSerializer, responses={202: MessageSerializer}, operation_id="forgot_password"
    )
    def post(self, request: Request) -> Response:
        """Have a link mailed that sets a new password

        The answer is the same whether or not there is such an account.
        """
        services.forgot_password(**self.given(ForgotSerializer, request))
        message = (
            "If there is an account with this address, a link is on its way to it. It is good for an hour."
        )
        return Response({"message": message}, status=202)


class ResetView(OpenView):
    throttle_scope = "reset"

    @extend_schema(request=ResetSerializer, responses=MessageSerializer, operation_id="reset_password")
    def post(self, request: Request) -> Response:
        """Set a new password with the key from a mail

        Ends every sign-in of the account. Long-term tokens stay; revoke them if you don't know them.
        """
        services.reset_password(**self.given(ResetSerializer, request), address=client_address(request))
        return Response({"message": "Your password is changed. Sign in with it."})


class ConfirmView(OpenView):
    throttle_scope = "confirm"

    @extend_schema(request=ConfirmSerializer, responses=MessageSerializer, operation_id="confirm_email")
    def post(self, request: Request) -> Response:
        """Confirm an e-mail address with the key from a mail"""
        services.confirm_email(**self.given(ConfirmSerializer, request))
        return Response({"message": "Your e-mail address is confirmed."})


class TokensView(APIView):
    @extend_schema(operation_id="list_tokens", responses=LongTermTokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your long-term tokens

        Their names and when they were last used; the tokens themselves are not kept.
        """
        mine = LongTermToken.objects.filter(user=current_user(request)).order_by("pk")
        return Response(LongTermTokenSerializer(mine, many=True).data)

    @extend_schema(
        operation_id="create_token",
        request=LongTermTokenCreateSerializer,
        responses=NewLongTermTokenSerializer,
    )
    def post(self, request: Request) -> Response:
        """Make a long-term token

        For a phone's automation. It makes notes and does nothing else, until it expires or you revoke it.
        """
        serializer = LongTermTokenCreateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token = long_term_tokens.create(user=current_user(request), **serializer.validated_data)
        if token is None:
            raise exceptions.AuthenticationFailed(SIGN_IN_AGAIN)
        message = "Copy this token now: it is not shown again."
        return Response({"message": message, "token": token})

    @extend_schema(
        operation_id="revoke_tokens",
        responses={200: MessageSerializer, 404: error("You have none.")},
    )
    def delete(self, request: Request) -> Response:
        """Revoke all your long-term tokens"""
        revoked = long_term_tokens.revoke(user=current_user(request))
        return Response({"message": f"{revoked} revoked." if revoked > 1 else "Revoked."})


class TokenView(APIView):
    @extend_schema(operation_id="revoke_token", responses={200: MessageSerializer})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke a long-term token"""
        if token_id >= 2**63:  # more than an id can be
            raise long_term_tokens.NoToken
        long_term_tokens.revoke(user=current_user(request), token_id=token_id)
        return Response({"message": "Revoked."})


class MeView(APIView):
    @extend_schema(responses=UserSerializer, operation_id="get_me")
    def get(self, request: Request) -> Response:
        """Your account"""
        return Response(UserSerializer(current_user(request)).data)

    @extend_schema(request=UserUpdateSerializer, responses=UserSerializer, operation_id="update_me")
    def patch(self, request: Request) -> Response:
        """Change your name, or whether empty notes are written by the AI"""
        user = current_user(request)
        serializer = UserUpdateSerializer(user, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        user = services.update_profile(user=user, changes=serializer.validated_data)
        return Response(UserSerializer(user).data)

    @extend_schema(
        request=OwnerSerializer,
        responses={
            200: MessageSerializer,
            403: error("Not your password, or not a Google sign-in of yours of the last five minutes."),
            503: error(GOOGLE_IS_AWAY),
        },
        operation_id="delete_me",
    )
    def delete(self, request: Request) -> Response:
        """Delete your account

        With all that is its own: notes, private transcripts, tokens. What is publicly known of the videos stays. There
        is no way back; export first.
        """
        user = current_user(request)
        serializer = OwnerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.delete_account(user=user, address=client_address(request), **serializer.validated_data)
        return Response({"message": "Your account and all that was its own are gone."})
