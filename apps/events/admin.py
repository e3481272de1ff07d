from django.contrib import admin

from apps.events.models import Event
from vidwiz.common.admin import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("id", "created_at", "type", "channel", "payload")
