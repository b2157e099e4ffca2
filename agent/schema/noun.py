"""The one way a noun of this house is made: frozen, and closed to fields nobody declared."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """A value that travels between stages. It never changes and never carries a field nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")
