"""Everything that can go wrong on purpose, and the exit code that each becomes.

    TriageError
    ├── InputError               2   the situation cannot be read; nothing was sent to a model
    ├── ConfigurationError       2   a flag, a setting, a policy or a prompt is wrong
    │   ├── PolicyError          2   the policy does not prove itself; names the path of the fault
    │   └── ModelNotConfigured   2   no model can be used; names the ways to get one
    ├── ReplayError              2   a recording is missing or cannot be read
    ├── ModelRejected            4   the endpoint will not serve this request or this key
    ├── ModelUnusable            5   an answer came, and it cannot be used
    │   ├── ModelRefused         5   the model declined to answer
    │   ├── ModelTruncated       5   the answer hit the token limit
    │   └── ModelInvalid         5   the answer does not fit the schema, after one re-ask
    ├── StoreUnusable           73   the record cannot be opened, read or written
    └── ModelUnavailable        75   try later: rate limit, server fault, no connection
        └── DeadlineExceeded    75   the run's own deadline passed

Expected outcomes (a quote not found, a dimension not stated, a draft that failed its guards) are values of the
assessment, never exceptions.
"""

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """Exit codes of the command line, as documented in the README."""

    DONE = 0
    USAGE = 2
    HUMAN_MUST_LOOK = 3
    REJECTED = 4
    UNUSABLE = 5
    NOT_SAVED = 73
    TRY_LATER = 75
    INTERRUPTED = 130


class TriageError(Exception):
    """Says in one line what happened, where, and what to do; the command line prints it and exits with `exit_code`.

    `call` is what a failed model call took, a `CallRecord`, which this module cannot name; None where none was made.
    """

    exit_code: ExitCode = ExitCode.USAGE
    call: Any = None


class InputError(TriageError):
    """The situation cannot be read. Nothing was sent to a model."""


class ConfigurationError(TriageError):
    """A flag, a setting, a policy or a prompt is wrong. Nothing was sent to a model."""


class PolicyError(ConfigurationError):
    """The policy does not prove itself; the message names the path of the fault inside the file."""


class ModelNotConfigured(ConfigurationError):
    """No model can be used; the message names the ways to get one."""


class ReplayError(TriageError):
    """A recording is missing or cannot be read; no model stands in for it."""


class ModelRejected(TriageError):
    """The endpoint will not serve this request or this key; trying again changes nothing."""

    exit_code = ExitCode.REJECTED


class ModelUnusable(TriageError):
    """An answer came that cannot be used. It is never turned into a default score."""

    exit_code = ExitCode.UNUSABLE


class ModelRefused(ModelUnusable):
    """The model declined to answer."""


class ModelTruncated(ModelUnusable):
    """The answer hit the token limit before it was complete."""


class ModelInvalid(ModelUnusable):
    """The answer does not fit the schema, after one re-ask."""


class StoreUnusable(TriageError):
    """The record cannot be opened, read or written. A triage is printed all the same."""

    exit_code = ExitCode.NOT_SAVED


class ModelUnavailable(TriageError):
    """The model cannot be reached now: rate limit, server fault, no connection. The same call may work later."""

    exit_code = ExitCode.TRY_LATER


class DeadlineExceeded(ModelUnavailable):
    """The run's own deadline passed before the model answered."""
