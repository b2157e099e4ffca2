from pathlib import Path

import pytest

from agent.errors import ReplayError
from agent.models.replay import Replay


@pytest.mark.parametrize(
    ("text", "fault"), [("{", "Invalid JSON"), ('{"format": 2}', "format"), ("\udcff", "cannot be read")]
)
def test_a_file_that_is_no_recording_is_named(tmp_path: Path, text: str, fault: str) -> None:
    """A broken file is an error and not a missing answer."""
    (tmp_path / "broken.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReplayError, match=f"broken.json: .*{fault}"):
        Replay(tmp_path)
