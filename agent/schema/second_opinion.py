"""What another model thinks of the same situation, asked side by side with the scorer. It overwrites nothing."""

from pydantic import Field

from agent.schema.call import CallRecord
from agent.schema.noun import Noun
from agent.schema.probabilities import Probabilities, Probability


class SecondOpinion(Noun):
    """The answers of a decision model, or the note that says why there are none."""

    model: str
    remote: bool = Field(default=False, description="true if the text was sent to another machine")
    probabilities: Probabilities = Probabilities()
    surprised: Probability | None = Field(
        default=None, description="that the CSM's manager would be surprised; None where not answered"
    )
    unanswered: tuple[str, ...] = Field(default=(), description="questions that the model declined or left out")
    note: str | None = Field(default=None, description="why there is no answer; None where there is one")
    call: CallRecord | None = Field(default=None, description="None where no call was made")
