"""A real PostgreSQL for the tests: started once, on loopback, in a directory of its own; never as root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def binaries():
    """The directory of initdb and pg_ctl; None where Debian's package `postgresql` is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()]
    on_path = shutil.which("initdb")
    return found[0] if found else Path(on_path).parent if on_path else None


@contextmanager
def server():
    """The URL of a running server's first database, without its name: add '/name'."""
    folder, data = Path(tempfile.mkdtemp(prefix="triage-postgres-")), None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_root = os.geteuid() == 0
    if as_root:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    who = {"user": "postgres", "group": "postgres", "extra_groups": []} if as_root else {}

    def run(program, *arguments):
        command = [str(binaries() / program), *arguments]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL, **who)

    data = folder / "data"
    run("initdb", "-D", str(data), "-U", "triage", "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://triage@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
