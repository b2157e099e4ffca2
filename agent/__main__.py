"""Where `triage` begins."""

from agent import ctrl_c


def main() -> None:
    """Run the command line, which Ctrl-C ends in one line from the first import on."""
    ctrl_c.ends_at_once()
    from agent.cli import main as run  # noqa: PLC0415 - the import is what may be interrupted

    run()


if __name__ == "__main__":
    main()
