"""Times, and how they are shown."""

import statistics
import time
from collections.abc import Callable


def in_turn(*calls: Callable[[], object], rounds: int, warm_up: int = 3) -> list[list[float]]:
    """Milliseconds that each call took, `rounds` times, one after the other in turn: what disturbs the machine
    disturbs them all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for at in range(warm_up + rounds):
        for call, times in zip(calls, taken, strict=True):
            began = time.perf_counter()
            call()
            if at >= warm_up:
                times.append((time.perf_counter() - began) * 1000)
    return taken


def table(rows: dict[str, list[float]]) -> None:
    print(f"{'':<40}{'median':>12}{'p95':>12}")
    for name, times in rows.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{name:<40}{statistics.median(times):>9.2f} ms{p95:>9.2f} ms")
