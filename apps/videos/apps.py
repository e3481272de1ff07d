from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "apps.videos"

    def ready(self) -> None:
        from apps.videos import work  # models are loaded only now

        work.register()
