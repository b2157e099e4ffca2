from agent.redaction import Redactor
from agent.schema import CallRecord
from agent.schema.record import KeepText
from agent.store import Store

from . import kept


def test_what_a_server_said_is_redacted_too(tmp_path):
    """A refusal may repeat what was sent; the rest of the provenance stays as it was."""
    of = kept.case()
    call = CallRecord(
        purpose="draft", model="m", prompt="draft@1#a", input_tokens=9, error="refused: j.weber@acme.example is private"
    )
    made = kept.assessment(of)
    made = made.model_copy(update={"provenance": made.provenance.model_copy(update={"calls": (call,)})})
    with Store(tmp_path / "record.db") as store:
        key = store.save(
            made,
            situation=of.situation,
            grounded=of.grounded,
            policy=kept.POLICY,
            by="Maya",
            keep_text=KeepText.REDACTED,
            redact=Redactor(of.situation, kept=["Acme"]).redact,
        )
        provenance = store.get(key).assessment.provenance
    assert "j.weber" not in (provenance.calls[0].error or "")
    assert "refused" in (provenance.calls[0].error or "")
    assert provenance.calls[0].input_tokens == 9
    assert provenance.input_digest == made.provenance.input_digest
    assert b"j.weber@acme" not in (tmp_path / "record.db").read_bytes()
