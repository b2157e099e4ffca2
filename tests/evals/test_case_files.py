"""What `triage export cases` writes loads as a dataset of the evals."""

from agent import case_files, verdicts
from agent.schema import Dimension
from agent.schema.record import Verdict
from agent.store import Store
from evals import cases
from tests.store import kept


def test_exported_cases_load(tmp_path):
    """Every field fits the format, and the text is read into messages like any other."""
    with Store(tmp_path / "record.db") as store:
        for verdict in (Verdict(), Verdict(scores={Dimension.CSM_CAPABILITY: 1}, reason="Support can do it.")):
            key = kept.keep(store)
            verdicts.give(store, store.get(key), verdict, by="Ada")
        text, made, _ = case_files.render([store.get(summary.id) for summary in store.list()])
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    loaded = cases.load([file])
    assert len(loaded) == made == 2
    assert {case.expected.csm_capability for case in loaded} == {1, 3}
    assert all(case.situation.messages for case in loaded)
