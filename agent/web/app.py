"""The pages and their addresses."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from agent.agreement import measure
from agent.errors import InputError, TriageError
from agent.web import attention, case, opinions, overdue
from agent.web.desk import Desk
from agent.web.door import Door, Guard
from agent.web.pages import show

STATIC = Path(__file__).parent / "static"
Page = Callable[[Request], Response]
Posted = Callable[[Request, FormData], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
STRANGER = "This page opens with the link that `triage review` prints; it works once, and for that browser."


def app(desk: Desk, door: Door) -> Starlette:
    """The whole site over an open record."""
    made = Starlette(
        routes=[
            Route("/enter", door.enter, methods=["GET"]),
            Mount("/static", StaticFiles(directory=STATIC)),
            Route("/", _page(_queue)),
            Route("/case/{id}", _page(_case)),
            Route("/case/{id}/decision", _post(_decision), methods=["POST"]),
            Route("/case/{id}/try", _post(_try), methods=["POST"]),
            Route("/case/{id}/verdict", _post(opinions.verdict), methods=["POST"]),
            Route("/case/{id}/outcome", _post(opinions.outcome), methods=["POST"]),
            Route("/case/{id}/undo", _post(opinions.undo), methods=["POST"]),
            Route("/agreement", _page(_agreement)),
            Route("/overdue", _page(_overdue)),
            Route("/policy", _page(_policy)),
        ],
        middleware=[Middleware(Guard, door=door)],
        exception_handlers={HTTPException: _refused, TriageError: _failed},
    )
    made.state.desk, made.state.door = desk, door
    return made


def _page(page: Page) -> Endpoint:
    """A page for the reviewer, and for nobody else."""

    async def endpoint(request: Request) -> Response:
        _known(request)
        return await run_in_threadpool(page, request)

    return endpoint


def _post(posted: Posted) -> Endpoint:
    """What the reviewer posts from one of our own forms."""

    async def endpoint(request: Request) -> Response:
        _known(request)
        form = await request.app.state.door.form(request)
        return await run_in_threadpool(posted, request, form)

    return endpoint


def _known(request: Request) -> str:
    who: str | None = request.app.state.door.reviewer(request)
    if who is None:
        raise HTTPException(403, STRANGER)
    return who


def _queue(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    asked = attention.asked(request.query_params, desk.now())
    return show(request, "queue.html", asked=asked, queue=attention.queue(desk, asked), seen=case.seen)


def _case(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    run = desk.store.get(request.path_params["id"])
    levels, by_hand = case.standing_levels(run.summary)
    return _shown(request, case.page(desk, run, levels, by_hand), done=request.query_params.get("done"))


def _try(request: Request, form: FormData) -> Response:
    """The case with other scores on it, for a reader without scripts."""
    desk: Desk = request.app.state.desk
    run = desk.store.get(request.path_params["id"])
    known = case.page(desk, run, *case.levels_in(form, run))
    return _shown(request, known, reason=str(form.get("reason") or ""))


def _decision(request: Request, form: FormData) -> Response:
    """The part of the page that the engine decides, on other scores."""
    desk: Desk = request.app.state.desk
    run = desk.store.get(request.path_params["id"])
    stand = case.stand(desk, run, *case.levels_in(form, run))
    return show(request, "decision.html", stand=stand, run=run, policy=desk.policy_of(run))


def _shown(request: Request, known: case.CasePage, *, done: str | None = None, reason: str = "") -> Response:
    """Whoever sees the page has read the text: that is an entry of the record too."""
    desk: Desk = request.app.state.desk
    desk.store.record_access(known.run.summary.id, by=_known(request), how="web")
    typed = {"reason": reason, "note": "", "outcome": ""}
    seen = case.seen(known.run.summary)
    return show(request, "case.html", case=known, seen=seen, fault=None, typed=typed, done=done)


def _agreement(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    model = request.query_params.get("model") or None
    figures = measure(desk.store.tally(model=model))
    return show(request, "agreement.html", figures=figures, model=model, models=desk.store.judged_models())


def _overdue(request: Request) -> Response:
    due, cases = overdue.listed(request.app.state.desk)
    return show(request, "overdue.html", due=due, cases=cases, most=overdue.MOST)


def _policy(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    return show(request, "policy.html", policy=desk.policy)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return show(request, "refused.html", status=error.status_code, words=error.detail)


async def _failed(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, InputError) else 503
    return show(request, "refused.html", status=status, words=f"{error}.")
