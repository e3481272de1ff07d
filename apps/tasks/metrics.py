"""The ledger in Prometheus' words. Only live tasks are counted: what has ended is never scanned."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from apps.tasks import kinds
from apps.tasks.models import LIVE, Task, TaskState


class TaskCollector(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        tasks = GaugeMetricFamily("vidwiz_tasks", "Live tasks by kind and state.", labels=["kind", "state"])
        oldest = GaugeMetricFamily(
            "vidwiz_oldest_pending_task_seconds",
            "How long the oldest pending task has been due.",
            labels=["kind"],
        )
        live = {
            (row["kind"], row["state"]): row
            for row in Task.objects.filter(state__in=LIVE)
            .values("kind", "state")
            .annotate(count=Count("pk"), due=Min("due_at"))
        }
        now = timezone.now()
        for kind in kinds.names():
            for state in LIVE:
                tasks.add_metric([kind, state], live.get((kind, state), {"count": 0})["count"])
            pending = live.get((kind, TaskState.PENDING))
            waited = max(0.0, (now - pending["due"]).total_seconds()) if pending else 0.0
            oldest.add_metric([kind], waited)
        yield tasks
        yield oldest
