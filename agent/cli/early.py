"""What begins before `triage assess` imports its rooms: the built-in model loads beside them."""

from agent.cli import sources
from agent.errors import TriageError
from agent.models import weights
from agent.models.choose import ModelKind, choose
from agent.models.reader_process import ReaderProcess


def loading(model: str | None, base_url: str | None) -> ReaderProcess | None:
    """The built-in model on its way, where it will answer and was put together before.

    What is wrong with settings or model is told by who proves them.
    """
    try:
        said = sources.read().values
        environ = sources.environ(model=said.get("model"), base_url=said.get("base_url"))
        chosen = choose(model, base_url=base_url, api_key=None, environ=environ)
    except TriageError:
        return None
    file = weights.assembled() if chosen.kind is ModelKind.BUILTIN else None
    return ReaderProcess(file) if file else None
