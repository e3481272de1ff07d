from collections.abc import Iterator

import pytest

from tests.standins import llm as standin


@pytest.fixture
def llm() -> Iterator[standin.LLM]:
    with standin.serve() as server:
        yield server
