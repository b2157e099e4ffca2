"""What a reviewer says on the page: a verdict, an outcome, or that it is taken back. Each is a new entry."""

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from agent import verdicts
from agent.errors import InputError
from agent.report.plain import clean
from agent.schema.record import Entry, Outcome, OutcomeKind, Run, Verdict
from agent.web import case
from agent.web.desk import Desk
from agent.web.door import Door
from agent.web.pages import show

STALE = "While this page was open, somebody else said something about this case. Nothing was kept yet."
UNCHANGED = "No score was moved. Move one, set a decision, or agree."


def verdict(request: Request, form: FormData) -> Response:
    """Keep a verdict, unless the page it came from is stale or a change lacks its reason."""
    desk: Desk = request.app.state.desk
    run = desk.store.get(request.path_params["id"])
    if form.get("seen") != case.seen(run.summary):
        return _again(request, run, form, STALE, 409)
    try:
        given = _read(form, run)
    except ValidationError as error:
        fault = error.errors()[0]["msg"].removeprefix("Value error, ")
        return _again(request, run, form, f"{fault[:1].upper()}{fault[1:]}.", 422)
    if given is None:
        return _again(request, run, form, UNCHANGED, 422)
    return _done(request, run, form, verdicts.give(desk.store, run, given, by=_who(request)))


def outcome(request: Request, form: FormData) -> Response:
    """Keep how the case ended."""
    desk: Desk = request.app.state.desk
    run = desk.store.get(request.path_params["id"])
    if form.get("seen") != case.seen(run.summary):
        return _again(request, run, form, STALE, 409)
    try:
        ended = Outcome(outcome=OutcomeKind(str(form.get("outcome"))), note=str(form.get("note") or "").strip() or None)
    except ValueError:
        return _again(request, run, form, "Choose how the case ended; a note has at most 1000 characters.", 422)
    return _done(request, run, form, desk.store.add_outcome(run.summary.id, ended, by=_who(request)))


def undo(request: Request, form: FormData) -> Response:
    """Take back a verdict or an outcome of this case: a new entry, the old one stays."""
    desk: Desk = request.app.state.desk
    run = desk.store.get(request.path_params["id"])
    key = str(form.get("entry"))
    if key not in {entry.id for entry in desk.store.history(run.summary.id)}:
        raise InputError("that entry is not of this case")
    try:
        entry = desk.store.undo(key, by=_who(request))
    except InputError:
        return _again(request, run, form, STALE, 409)
    return _done(request, run, form, entry)


def _read(form: FormData, run: Run) -> Verdict | None:
    """The verdict in a form; None where it neither agrees nor changes anything. Raises ValidationError."""
    reason = str(form.get("reason") or "").strip() or None
    if form.get("say") == "agree":
        return Verdict(reason=reason)
    levels, by_hand = case.levels_in(form, run)
    moved = {d: level for d, level in levels.items() if level != run.summary.scores[d]}
    return Verdict(scores=moved, decision=by_hand, reason=reason) if moved or by_hand else None


def _done(request: Request, run: Run, form: FormData, entry: Entry) -> Response:
    """Back to where it was said: the case, the queue, or the script that asked."""
    desk: Desk = request.app.state.desk
    if _by_script(request):
        now = desk.store.get(run.summary.id).summary
        others = ", ".join(map(clean, verdicts.others(desk.store, entry)))
        return JSONResponse({"entry": entry.id, "seen": case.seen(now), "others": others})
    if "back" in form:
        return RedirectResponse(f"/?{form['back']}", 303)
    return RedirectResponse(f"/case/{run.summary.id}?done={entry.kind}#said", 303)


def _again(request: Request, run: Run, form: FormData, fault: str, status: int) -> Response:
    """The case as it is now, with what was typed still in it."""
    if _by_script(request):
        return JSONResponse({"error": fault}, status)
    desk: Desk = request.app.state.desk
    desk.store.record_access(run.summary.id, by=_who(request), how="web")
    known = case.page(desk, run, *case.levels_in(form, run))
    typed = {name: str(form.get(name) or "") for name in ("reason", "note", "outcome")}
    return show(
        request,
        "case.html",
        status=status,
        case=known,
        seen=case.seen(run.summary),
        fault=fault,
        typed=typed,
        done=None,
    )


def _by_script(request: Request) -> bool:
    return request.headers.get("accept") == "application/json"


def _who(request: Request) -> str:
    door: Door = request.app.state.door
    who = door.reviewer(request)
    assert who is not None, "the app lets no stranger through"
    return who
