"""The pages in a real browser over the real server, as a manager uses them."""

from datetime import timedelta

import pytest

from agent import engine, evidence, verdicts
from agent.report import certainty, phrases
from agent.schema import Dimension
from agent.schema.record import EntryKind, Outcome, OutcomeKind, Verdict
from tests import builders
from tests.web import cases
from tests.web.conftest import serve
from tests.web.test_app import hostile

PHONE = 390  # CSS pixels
NARROWEST = 320  # what a page zoomed to 400 % on a desk has
ENDLESS = "W" * 120
WAREHOUSE = cases.decided(0)


def answer_of(engine_moves):
    """What the engine itself decides on moved scores of the first case."""
    return engine.decide(evidence.overrule(WAREHOUSE.grounded, engine_moves), WAREHOUSE.policy, WAREHOUSE.now)


def open_case(page, site, key):
    page.goto(f"{site.door.origin}/case/{key}")


def settled(page, total):
    """Waits until the decision on the page has that total."""
    page.locator(f"#decision-now[data-total='{total}']").wait_for()


def test_a_verdict_by_keyboard_and_its_taking_back(site, browse):
    """Queue: j, Enter. Case: a digit on a focused score, r, a reason, the button; then u. No pointer is needed."""
    key = cases.keep(site.store)
    page = browse(site)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{key}")
    page.locator("[name=csm_capability]:checked").focus()
    page.keyboard.press("1")
    wanted = answer_of({Dimension.CSM_CAPABILITY: 1})
    settled(page, wanted.total)
    page.keyboard.press("r")
    page.keyboard.type("Support can do this.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep my correction").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your verdict is kept.").wait_for()
    summary = site.store.get(key).summary
    assert (summary.verdict.scores, summary.verdict.reason) == ({Dimension.CSM_CAPABILITY: 1}, "Support can do this.")
    assert summary.rescored.band is wanted.band
    page.locator("#main").click(position={"x": 2, "y": 2})
    page.keyboard.press("u")
    page.get_by_text("Taken back.").wait_for()
    kinds = [entry.kind for entry in site.store.history(key) if entry.kind is not EntryKind.ACCESS]
    assert kinds == [EntryKind.RUN, EntryKind.VERDICT, EntryKind.UNDO]
    assert page.faults == []


def test_agreeing_in_the_queue_and_taking_it_back(site, browse):
    """Key a agrees with the focused case without leaving the queue, u takes it back; k goes up again."""
    first, second = cases.keep(site.store, 0), cases.keep(site.store, 0)
    page = browse(site)
    shown = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.case)")
    assert set(shown) == {first, second}
    for pressed in "jja":
        page.keyboard.press(pressed)
    page.get_by_text("Agreed with Nordlicht Logistik.").wait_for()
    assert site.store.get(shown[1]).summary.verdict_by == "Ada"
    page.keyboard.press("u")
    page.get_by_text("Taken back:").wait_for()
    assert site.store.get(shown[1]).summary.verdict is None
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/case/{shown[0]}"
    assert page.faults == []


def test_a_moved_score_is_answered_by_the_engine(site, browse):
    """Total, decision, owner, deadlines and warnings on the page are the engine's own, whatever is moved."""
    page = browse(site)
    key = cases.keep(site.store)
    for moves in ((1, 1, 1, 1), (5, 5, 5, 5), (4, 2, 4, 4), (2, 3, 1, 2)):
        open_case(page, site, key)
        levels = dict(zip(Dimension, moves, strict=True))
        for dimension, level in levels.items():
            page.locator(f"[name={dimension}][value='{level}']").click()
        wanted = answer_of({d: level for d, level in levels.items() if level != WAREHOUSE.grounded.scores.of(d).score})
        settled(page, wanted.total)
        now = page.locator("#decision-now")
        assert now.get_attribute("data-band") == wanted.band
        text, warnings = now.inner_text(), page.locator("#warnings").inner_text()
        assert wanted.label in text
        assert phrases.route(wanted.route) in text
        assert phrases.when(wanted.deadlines.customer_word) in text
        assert all(" ".join(warning.message.split()) in " ".join(warnings.split()) for warning in wanted.warnings)
    assert page.faults == []


def test_moving_a_score_moves_nothing_else(lite, browse):
    """No layout jump: the scores stay where they are while the decision above them changes."""
    page = browse(lite)
    open_case(page, lite, cases.keep(lite.store))
    places = "all => all.map(each => Math.round(each.getBoundingClientRect().top))"
    before = page.locator(".score").evaluate_all(places)
    for level, total in (
        ("1", answer_of({Dimension.CUSTOMER_IMPACT: 1}).total),
        ("5", answer_of({Dimension.CUSTOMER_IMPACT: 5}).total),
    ):
        page.locator(f"[name=customer_impact][value='{level}']").evaluate("radio => radio.click()")
        settled(page, total)
        assert page.locator(".score").evaluate_all(places) == before


def test_a_score_lights_up_its_own_words(lite, browse):
    """Hover or focus: the dimension's quotes stand out, all others step back."""
    page = browse(lite)
    open_case(page, lite, cases.keep(lite.store))
    ground = "mark => getComputedStyle(mark).backgroundColor"
    impact, help_needed = page.locator("mark.customer_impact").first, page.locator("mark.csm_capability").first
    page.locator(".score.csm_capability .why").hover()
    assert help_needed.evaluate(ground) != "rgba(0, 0, 0, 0)"
    assert impact.evaluate(ground) == "rgba(0, 0, 0, 0)"
    page.mouse.move(1, 1)
    page.locator("[name=customer_impact]:checked").focus()
    assert impact.evaluate(ground) != "rgba(0, 0, 0, 0)"
    assert help_needed.evaluate(ground) == "rgba(0, 0, 0, 0)"


def test_a_stale_page_is_told_so(store, browse):
    """Noor's page was opened before Ada's verdict: hers is not kept until she has seen it, and then both are."""
    key = cases.keep(store)
    with serve(store, by="Ada") as hers, serve(store, by="Noor") as his:
        noor, ada = browse(his), browse(hers)
        open_case(noor, his, key)
        open_case(ada, hers, key)
        ada.keyboard.press("a")
        ada.get_by_text("Your verdict is kept.").wait_for()
        noor.locator("[name=csm_capability][value='1']").click()
        noor.locator("#reason").fill("Support can do this.")
        noor.get_by_role("button", name="Keep my correction").click()
        noor.get_by_text("somebody else said something").wait_for()
        assert noor.locator("#others").inner_text().startswith("Ada agrees")
        assert noor.locator("#reason").input_value() == "Support can do this."
        noor.get_by_role("button", name="Keep my correction").click()
        noor.get_by_text("Your verdict is kept.").wait_for()
    assert [e.by for e in store.history(key) if e.kind is EntryKind.VERDICT] == ["Ada", "Noor"]


def test_a_hostile_email_does_nothing(site, browse):
    """No script of it runs, nothing is asked of another host, and the page's own policy has nothing to complain of."""
    key = hostile(site.store)
    page = browse(site)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for path, words in ((f"/case/{key}", "onerror=alert"), ("/?view=all", "onclick=alert"), ("/overdue", "Overdue")):
        page.goto(f"{site.door.origin}{path}")
        page.wait_for_load_state("networkidle")
        assert words in page.locator("#main").inner_text()
    assert {url.split("/")[2] for url in page.asked} == {site.door.origin.removeprefix("http://")}
    assert page.faults == []


def test_reading_and_verdicts_work_without_scripts(lite, browse):
    """Scores are tried by a button, and a correction is kept."""
    key = cases.keep(lite.store)
    page = browse(lite, scripts=False)
    page.locator(".row .account a").click()
    page.locator("[name=csm_capability][value='1']").click()
    page.get_by_role("button", name="Recompute").click()
    settled(page, answer_of({Dimension.CSM_CAPABILITY: 1}).total)
    page.locator("#reason").fill("Support can do this.")
    page.get_by_role("button", name="Keep my correction").click()
    page.get_by_text("Your verdict is kept.").wait_for()
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("Taken back.").wait_for()
    assert lite.store.get(key).summary.verdict is None


def test_a_draft_is_edited_and_copied(lite, browse):
    """What is copied is what stands in the box."""
    page = browse(lite)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_case(page, lite, cases.keep(lite.store))
    page.locator("#message").fill("Hello Katrin, it is with our engineers.")
    page.get_by_role("button", name="Copy: Message to the customer").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Hello Katrin, it is with our engineers."


def test_keys_go_through_the_queue_from_case_to_case(site, browse):
    """On a case j and k open the next and the previous one of the queue it was opened from; q goes back to it."""
    for number in (0, 1, 2):
        cases.keep(site.store, number)
    page = browse(site)
    page.goto(f"{site.door.origin}/?view=all")
    shown = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.case)")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{shown[0]}")
    page.keyboard.press("j")
    page.wait_for_url(f"**/case/{shown[1]}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/case/{shown[0]}")
    page.keyboard.press("q")
    page.wait_for_url("**/?view=all")


def fits(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_verdict_on_a_telephone(site, browse):
    """From the queue to a kept correction by touch alone, and no page is wider than the screen."""
    key = cases.keep(site.store)
    page = browse(site, width=PHONE)
    assert fits(page, PHONE)
    page.locator(".row .account a").click()
    page.wait_for_url(f"**/case/{key}")
    assert fits(page, PHONE)
    page.locator("[name=csm_capability][value='1']").click()
    settled(page, answer_of({Dimension.CSM_CAPABILITY: 1}).total)
    page.locator("#reason").fill("Support can do this.")
    page.get_by_role("button", name="Keep my correction").click()
    page.get_by_text("Your verdict is kept.").wait_for()
    assert fits(page, PHONE)
    assert site.store.get(key).summary.verdict.scores == {Dimension.CSM_CAPABILITY: 1}
    assert page.faults == []


def lines(page, heading):
    """The lines of the list under that heading of the case."""
    return page.locator(f"h3:text-is('{heading}') + ul li").all_inner_texts()


def test_a_thread_that_goes_on_leads_both_ways(site, browse, axe):
    """The newer case names the earlier one, what moved and which deadlines passed; the earlier one leads back to it."""
    first = cases.keep(site.store, now=builders.NOW - timedelta(days=4))
    lower = cases.WAREHOUSE.replace("Since Friday", "Also since Friday")
    impact = WAREHOUSE.grounded.extraction.customer_impact.model_copy(update={"score": 2})
    newer = cases.keep(site.store, text=lower, customer_impact=impact, follows=first)
    page = browse(site)
    assert page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.case)") == [newer]
    open_case(page, site, newer)
    run = site.store.get(newer)
    assert lines(page, "Since the last triage") == list(phrases.since(run.assessment.follow_up, cases.POLICY))
    assert "Customer impact 4 -> 2" in "".join(lines(page, "Since the last triage"))
    assert axe(page) == ""
    page.get_by_role("link", name="goes on from an earlier triage").click()
    page.wait_for_url(f"**/case/{first}")
    assert axe(page) == ""
    page.get_by_role("link", name="a newer triage goes on from this one").click()
    page.wait_for_url(f"**/case/{newer}")
    page.goto(f"{site.door.origin}/?view=all")
    assert "a newer triage goes on" in page.locator(f"[data-case='{first}']").inner_text()
    assert page.faults == []


def test_a_second_opinion_stands_beside_the_scores(site, browse, axe):
    """Model, levels, what it did not answer and where it differs; the queue names it as a reason to look."""
    key = cases.keep(site.store, second=cases.SECOND_OPINION)
    page = browse(site)
    assert "second opinion differs" in page.locator(f"[data-case='{key}'] .chips").inner_text()
    open_case(page, site, key)
    told = list(certainty.second_opinion(site.store.get(key).assessment, cases.POLICY))
    assert lines(page, "Second opinion") == told
    assert any("decisions/luna" in line for line in told)
    assert any("two levels" in line or "another decision" in line for line in told)
    assert axe(page) == ""
    assert page.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, PHONE, NARROWEST])
def test_every_page_is_accessible_and_fits(lite, browse, axe, width, scheme):
    """No violation for axe, and nothing is wider than the screen, on a desk and on a telephone, by day and night."""
    keys = [cases.keep(lite.store, number) for number in range(len(cases.CASES))]
    page = browse(lite, width=width, scheme=scheme)
    open_case(page, lite, keys[0])
    page.locator("[name=csm_capability][value='1']").evaluate("radio => radio.click()")
    page.locator("#reason").fill("Support can do this.")
    page.get_by_role("button", name="Keep my correction").click()
    page.get_by_text("Your verdict is kept.").wait_for()
    hidden = hostile(lite.store)
    for path in (
        "/",
        "/?view=all",
        "/?account=nobody",
        "/overdue",
        "/agreement",
        "/policy",
        f"/case/{keys[0]}",
        f"/case/{hidden}",
        "/case/none",
    ):
        page.goto(f"{lite.door.origin}{path}")
        assert axe(page) == "", path
        assert fits(page, width), path


@pytest.mark.parametrize("width", [1280, NARROWEST])
def test_a_word_without_end_widens_no_page(lite, browse, width):
    """An account, a name, a reason or a note of one long word is broken: a colleague cannot push the page off the screen."""
    key = cases.keep(lite.store, account=ENDLESS, by=ENDLESS)
    verdict = Verdict(scores={Dimension.CSM_CAPABILITY: 1}, reason=ENDLESS)
    verdicts.give(lite.store, lite.store.get(key), verdict, by=ENDLESS)
    lite.store.add_outcome(key, Outcome(outcome=OutcomeKind.RESOLVED, note=ENDLESS), by=ENDLESS)
    page = browse(lite, width=width)
    for path in ("/?view=all", f"/case/{key}"):
        page.goto(f"{lite.door.origin}{path}")
        assert fits(page, width), path
