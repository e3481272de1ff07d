from django.apps import AppConfig


class VidwizConfig(AppConfig):
    name = "vidwiz"

    def ready(self) -> None:
        # Tasks find this Celery application. Not in vidwiz/__init__: what imports no Django stays without it.
        from vidwiz import celery  # noqa: F401
