import json
import math
from pathlib import Path

import pytest

from agent.errors import ReplayError
from agent.models.replay import Replay

ANSWERED = {"format": 1, "source": "live", "purpose": "extract", "input_digest": "d", "response": {}}


def weighed(share: float) -> str:
    return json.dumps(ANSWERED | {"weights": {"customer_impact": {"4": share}}})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "Invalid JSON"),
        ('{"format": 2}', "format"),
        ("\udcff", "cannot be read"),
        *[(weighed(share), "weights.customer_impact.4") for share in (1e308, -1.0, math.nan)],
    ],
)
def test_a_file_that_is_no_recording_is_named(tmp_path: Path, text: str, fault: str) -> None:
    """A broken file is an error and not a missing answer."""
    (tmp_path / "broken.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReplayError, match=f"broken.json: .*{fault}"):
        Replay(tmp_path)
