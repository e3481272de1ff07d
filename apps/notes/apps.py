from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "apps.notes"

    def ready(self) -> None:
        from apps.notes import services, work  # models are loaded only now
        from apps.videos import services as videos

        work.register()
        videos.when_transcript_arrives.append(services.request_waiting)
