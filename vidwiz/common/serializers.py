"""What serializers share: they take what a field is of, and nothing that can be made into it."""

from typing import Any

from rest_framework import serializers

# A body may hold thousands of unknown keys; naming a few is enough.
UNKNOWN_NAMED = 10


class StrictMixin:
    # Refuses fields that it does not know: a misspelt one would otherwise be lost in silence.

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))[:UNKNOWN_NAMED]  # type: ignore[attr-defined]
            if unknown:
                raise serializers.ValidationError({_printable(name): [_unknown()] for name in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]


def _printable(name: str) -> str:
    """JSON may name a field by half a surrogate pair, which no answer can repeat."""
    return name[:100].encode("utf-8", "replace").decode()


def _unknown() -> serializers.ErrorDetail:
    return serializers.ErrorDetail("Unknown field.", code="unknown")


class StringField(serializers.CharField):
    """A string; DRF's own makes one of numbers too."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class BoolField(serializers.BooleanField):
    """true or false; DRF's own takes "yes", 1 and more."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
