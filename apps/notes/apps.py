from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "apps.notes"

    def ready(self) -> None:
        from apps.accounts import leaving as accounts  # models are loaded only now
        from apps.notes import leaving, services, work
        from apps.videos import services as videos

        work.register()
        accounts.belongings.append(leaving.Notes)
        videos.when_transcript_arrives.append(services.request_waiting)
