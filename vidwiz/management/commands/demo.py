"""A user, a video with its words, and a moment to catch: everything can be seen without a network."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.notes import services as notes
from apps.notes.models import Note, seconds_of
from apps.videos import services as videos
from apps.videos.models import Transcript
from vidwiz.common import segments

EMAIL = "demo@example.com"
PASSWORD = "catch-a-moment"  # noqa: S105 - of a local demo, and printed
VIDEO_ID = "vidwiz-demo"
TALK = Path(__file__).parent / "demo_talk.json"
MOMENTS = ("0:50", "2:10", "3:40")


class Command(BaseCommand):
    help = "Makes a demo user and a demo video with its transcript. May be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo user's password is known to everybody: only with ENVIRONMENT=local.")
        user = User.objects.filter(email=EMAIL).first() or accounts.register(
            email=EMAIL, name="Demo", password=PASSWORD
        )
        talk = json.loads(TALK.read_text())
        words = segments.read(talk["segments"])
        videos.store_metadata(
            video_id=VIDEO_ID,
            metadata={
                "id": VIDEO_ID,
                "title": talk["title"],
                "uploader": "VidWiz",
                "duration": int(words[-1].end),
            },
        )
        videos.store_transcript(video_id=VIDEO_ID, what=words, language="en", source=Transcript.Source.UPLOAD)
        for moment in MOMENTS:
            if not Note.objects.filter(user=user, video__video_id=VIDEO_ID, timestamp=moment).exists():
                notes.create_note(
                    user=user,
                    video_id=VIDEO_ID,
                    timestamp=moment,
                    timestamp_seconds=seconds_of(moment) or 0,
                    text=None,
                )
        self.stdout.write(
            f"Demo user   {EMAIL}, password {PASSWORD}\n"
            f"Demo video  {VIDEO_ID} ({talk['title']}), with notes at {', '.join(MOMENTS)}\n"
            "The worker of `make run` fills them in; with it running, look again in a second."
        )
