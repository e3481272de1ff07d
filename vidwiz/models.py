from django.db import models


class LimitCount(models.Model):
    """How often one limit was used by one somebody in their present window. Written by `vidwiz.common.limits`."""

    key = models.CharField(max_length=128, primary_key=True)  # a digest: no address and no e-mail is kept
    count = models.BigIntegerField()
    window_ends = models.FloatField()  # Unix seconds: what both databases compare alike within one statement

    class Meta:
        indexes = [models.Index(fields=["window_ends"], name="limit_count_ended")]  # pruning

    def __str__(self) -> str:
        return self.key
