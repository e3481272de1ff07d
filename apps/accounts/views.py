from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import services
from apps.accounts.authentication import current_user
from apps.accounts.serializers import (
    LoginSerializer,
    MessageSerializer,
    RegisterSerializer,
    TokenSerializer,
    UserSerializer,
    UserUpdateSerializer,
)


class RegisterView(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_scope = "register"

    @extend_schema(request=RegisterSerializer, responses={201: MessageSerializer}, operation_id="register")
    def post(self, request: Request) -> Response:
        serializer = RegisterSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.register(**serializer.validated_data)
        return Response({"message": "Account created. You can sign in now."}, status=201)


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_scope = "login"

    # Nothing authenticates this view, so DRF would turn a refused password into 403.
    def get_authenticate_header(self, request: Request) -> str:
        return "Bearer"

    @extend_schema(request=LoginSerializer, responses=TokenSerializer, operation_id="login")
    def post(self, request: Request) -> Response:
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token = services.login(**serializer.validated_data)
        if token is None:
            raise exceptions.AuthenticationFailed("E-mail address and password do not match.")
        return Response({"token": token, "expires_in": int(services.token_lifetime().total_seconds())})


class MeView(APIView):
    @extend_schema(responses=UserSerializer, operation_id="get_me")
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(current_user(request)).data)

    @extend_schema(request=UserUpdateSerializer, responses=UserSerializer, operation_id="update_me")
    def patch(self, request: Request) -> Response:
        user = current_user(request)
        serializer = UserUpdateSerializer(user, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        user = services.update_profile(user=user, changes=serializer.validated_data)
        return Response(UserSerializer(user).data)
