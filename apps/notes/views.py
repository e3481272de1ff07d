from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.authentication import LongTermTokenAuthentication, current_user
from apps.accounts.serializers import MessageSerializer
from apps.notes import selectors, services
from apps.notes.models import Note, seconds_of
from apps.notes.serializers import (
    InternalNotesSerializer,
    InternalNoteUpdateSerializer,
    NoteCreateSerializer,
    NotedVideosSerializer,
    NoteSerializer,
    NoteUpdateSerializer,
)
from apps.videos.internal import InternalView
from apps.videos.views import parse_video_id
from vidwiz.common import errors


class NoteNotFound(errors.NotFound):
    """There is no such note among yours."""


class NothingToChange(errors.BadRequest):
    """Send `text`, `generated_by_ai`, or both."""


class BadSort(errors.BadRequest):
    """`sort` must be created_at_desc, created_at_asc, title_asc or title_desc."""


class NothingToWrite(errors.NotFound):
    """There is no such video, or no note on it waits for a text."""


class PageSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    per_page = serializers.IntegerField(min_value=1, max_value=50, default=10)


class OrderSerializer(serializers.Serializer[Any]):
    order = serializers.ChoiceField(choices=["created", "timestamp"], default="created")


class NotedVideosView(APIView):
    @extend_schema(
        operation_id="list_videos",
        parameters=[PageSerializer, OpenApiParameter("sort", str, enum=list(selectors.SORTS))],
        responses=NotedVideosSerializer,
    )
    def get(self, request: Request) -> Response:
        """The videos on which you have notes.

        With how many notes, and the latest one's time. `q` looks in titles; fewer than two characters mean no search.
        """
        serializer = PageSerializer(data=request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        sort = request.query_params.get("sort", "created_at_desc")
        if sort not in selectors.SORTS:
            raise BadSort
        page = selectors.noted_videos(user=current_user(request), sort=sort, **serializer.validated_data)
        return Response(NotedVideosSerializer(page).data)


class NotesView(APIView):
    def get_authenticators(self) -> list[BaseAuthentication]:
        """Making a note is all that a long-term token can do."""
        doors = super().get_authenticators()
        making = getattr(self.request, "method", "") == "POST"  # none while the API document is made
        return [LongTermTokenAuthentication(), *doors] if making else doors

    @extend_schema(
        operation_id="list_notes", parameters=[OrderSerializer], responses=NoteSerializer(many=True)
    )
    def get(self, request: Request, video_id: str) -> Response:
        """Your notes on a video.

        Oldest first, or by their place in the video. Empty for a video that nobody knows.
        """
        serializer = OrderSerializer(data=request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        notes = selectors.notes_of(
            user=current_user(request),
            video_id=parse_video_id(video_id),
            by_timestamp=serializer.validated_data["order"] == "timestamp",
        )
        return Response(NoteSerializer(notes, many=True).data)

    @extend_schema(
        operation_id="create_note",
        request=NoteCreateSerializer,
        responses={201: NoteSerializer},
        examples=[
            OpenApiExample("A moment, without a word", {"timestamp": "10:00"}, request_only=True),
            OpenApiExample(
                "In your own words", {"timestamp": "1:02:03", "text": "The proof."}, request_only=True
            ),
        ],
    )
    def post(self, request: Request, video_id: str) -> Response:
        """Catch a moment.

        Without `text` it is filled in by the AI (unless you turned that off) as soon as the video's words are
        there, be it hours later; what you write meanwhile is never overwritten. A video that is new is fetched.
        """
        video_id = parse_video_id(video_id)
        serializer = NoteCreateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        note = services.create_note(
            user=current_user(request),
            video_id=video_id,
            timestamp=given["timestamp"],
            timestamp_seconds=seconds_of(given["timestamp"]) or 0,
            text=given.get("text"),
            video_title=given.get("video_title") or "",
        )
        return Response(NoteSerializer(note).data, status=201)


class NoteView(APIView):
    def own_note(self, request: Request, note_id: int) -> Note:
        # SQLite and PostgreSQL hold ids below 2**63; a greater one is nobody's.
        own = Note.objects.select_related("video").filter(user=current_user(request))
        note = own.filter(pk=note_id).first() if note_id < 2**63 else None
        if note is None:
            raise NoteNotFound
        return note

    @extend_schema(
        operation_id="update_note",
        request=NoteUpdateSerializer,
        responses=NoteSerializer,
        examples=[
            OpenApiExample("Another text", {"text": "The proof, and why it is short."}, request_only=True)
        ],
    )
    def patch(self, request: Request, note_id: int) -> Response:
        """Change a note.

        A new text ends whatever the AI was asked for. Only `text` and `generated_by_ai` can be changed.
        """
        note = self.own_note(request, note_id)
        serializer = NoteUpdateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        if not serializer.validated_data:
            raise NothingToChange
        note = services.update_note(note=note, changes=serializer.validated_data)
        return Response(NoteSerializer(note).data)

    @extend_schema(operation_id="delete_note", responses={200: MessageSerializer})
    def delete(self, request: Request, note_id: int) -> Response:
        """Delete a note.

        There is no way back.
        """
        services.delete_note(note=self.own_note(request, note_id))
        return Response({"message": "Note deleted."})


class InternalNotesView(InternalView):
    @extend_schema(operation_id="internal_list_ai_notes", responses=InternalNotesSerializer)
    def get(self, request: Request, video_id: str) -> Response:
        """Notes that wait for a text.

        Those without words on this video, of users who want AI notes. 404 if there is none.
        """
        video_id = parse_video_id(video_id)
        notes = (
            Note.objects.filter(video__video_id=video_id, text__isnull=True, user__ai_notes_enabled=True)
            .select_related("video")
            .order_by("pk")
        )
        if not notes:
            raise NothingToWrite
        answer = {"video_id": video_id, "notes": notes, "message": f"{len(notes)} notes wait for a text."}
        return Response(InternalNotesSerializer(answer).data)


class InternalNoteView(InternalView):
    @extend_schema(
        operation_id="internal_update_note",
        request=InternalNoteUpdateSerializer,
        responses=NoteSerializer,
        examples=[
            OpenApiExample("An AI's text", {"text": "The proof needs no axiom of choice."}, request_only=True)
        ],
    )
    def patch(self, request: Request, note_id: int) -> Response:
        """A text for a note.

        Never replaces what its owner wrote: the answer shows the note as it is then.
        """
        rows = Note.objects.select_related("video")
        note = rows.filter(pk=note_id).first() if note_id < 2**63 else None
        if note is None:
            raise errors.NotFound("There is no such note.")
        serializer = InternalNoteUpdateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.fill_note(note_id=note.pk, made_by={"provider": "helper"}, **serializer.validated_data)
        note = rows.filter(pk=note_id).first()
        if note is None:
            raise services.NoteGone
        return Response(NoteSerializer(note).data)
