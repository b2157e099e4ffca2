import time
from email.utils import formatdate

import pytest

from agent.models.statuses import retry_after


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0.25", 0.25), ("-3", 0.0), ("soon", None), ("", None), (None, None)]
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    """Seconds are taken as they are, never negative; what cannot be read is no instruction."""
    assert retry_after(header) == seconds


def test_retry_after_as_a_date() -> None:
    """A date is turned into the seconds until then, and a past one into none."""
    assert retry_after(formatdate(time.time() + 100, usegmt=True)) == pytest.approx(100, abs=5)
    assert retry_after(formatdate(0, usegmt=True)) == 0.0
