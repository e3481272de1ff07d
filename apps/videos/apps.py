from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "apps.videos"

    def ready(self) -> None:
        from apps.accounts import leaving as accounts  # models are loaded only now
        from apps.videos import leaving, work

        work.register()
        accounts.belongings.append(leaving.PrivateTranscripts)
