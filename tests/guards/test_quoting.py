import pytest

from agent.guards import may_quote
from tests.guards.cases import brief


@pytest.mark.parametrize(
    "sentence",
    [
        "They are on the watch list since spring.",
        "You do not have permission to offer more.",
        "Rest assured that we follow this.",
        "Nous nous engageons à vous répondre.",
        "Ci impegniamo a seguire il caso.",
        "Non vogliamo perdere altro tempo.",
    ],
)
def test_a_sentence_that_one_of_us_could_have_written_is_not_quoted(sentence):
    """A draft may say some of it, a quotation may not: it could be ours under a wrong heading."""
    assert not may_quote(sentence, brief())


def test_a_plain_sentence_of_the_customer_is_quoted():
    """What happens to them, in their words."""
    assert may_quote("The label export to Zebrix fails every morning since Monday.", brief())
