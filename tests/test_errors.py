import inspect

from agent import errors
from agent.errors import ExitCode, TriageError


def every_error():
    return [thing for _, thing in inspect.getmembers(errors, inspect.isclass) if issubclass(thing, TriageError)]


def test_the_module_docstring_draws_every_error_with_its_exit_code():
    """The tree in the docstring is the documentation; it may not lie."""
    drawn = {words[-2]: int(words[-1]) for words in tree_lines()}
    assert drawn == {error.__name__: int(error.exit_code) for error in every_error() if error is not TriageError}


def tree_lines():
    for line in (errors.__doc__ or "").splitlines():
        if "──" in line:
            yield line.split("──")[1].split()[:2]


def test_every_error_says_what_becomes_of_it():
    """An error without a docstring is an error nobody can handle."""
    assert all(error.__doc__ for error in every_error())


def test_no_known_error_ends_in_success():
    """Exit codes of errors are documented codes, and never 0."""
    assert {error.exit_code for error in every_error()} < set(ExitCode)
    assert ExitCode.DONE not in {error.exit_code for error in every_error()}
