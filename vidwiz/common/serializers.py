"""What serializers share."""

from typing import Any

from rest_framework import serializers


class StrictMixin:
    """Refuses fields that it does not know: a misspelt one would otherwise be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))  # type: ignore[attr-defined]
            if unknown:
                raise serializers.ValidationError(
                    {
                        str(field)[:100]: [serializers.ErrorDetail("Unknown field.", code="unknown")]
                        for field in unknown
                    }
                )
        return super().to_internal_value(data)  # type: ignore[misc]
