import pytest

from vidwiz.common import limits


class Clock:
    """The time as a test wants it, in Unix seconds."""

    now = 1_800_000_000.25

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(limits, "clock", clock)
    return clock


@pytest.fixture
def rates(settings):
    """Turns limits on, generous ones but for those that are named: `rates(login="2/minute")`."""

    def set_rates(**rates):
        settings.RATE_LIMIT_ENABLED = True
        settings.LIMITS = dict.fromkeys(settings.LIMITS, "1000/minute") | rates

    set_rates()
    return set_rates
