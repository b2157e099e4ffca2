import re
from html.parser import HTMLParser

import pytest

from agent.errors import ConfigurationError
from agent.policy import load_default
from agent.schema import Band
from evals.gates import Checked, GateFinding, GateKind
from evals.reports import compare, html, plots
from evals.results import ModelClass, Outcome
from tests.evals import report_builders as make
from tests.evals.browser import browse, counting_server, dom, needs_browser

POLICY = load_default()
GERMAN = "Guten Tag,\nder Export bricht ab.\n"
CONFUSION = (
    ("expected", *(band.value for band in Band), "timed_out"),
    *((band.value, *("7" if band is other else "1" for other in Band), "1") for band in Band),
)
LOW = GateFinding(
    kind=GateKind.THRESHOLD, contestant="m", suite="end_to_end", cases=("case-2",), message="too low", why="Measured."
)


def two_cases(hostile: str = ""):
    """Case 1 passes; case 2, German and tagged `billing`, was read as milder than it is and quotes hostile words."""
    cases = make.cases(
        make.case("case-1", key_facts=("our drivers wait at the gate",)),
        make.case("case-2", GERMAN + hostile, title=f"Export {hostile}", tags=("billing",), customer_language="de"),
    )
    verdicts = [
        make.verdict("case-1"),
        make.verdict("case-2", passed=False, findings=(f"under-escalated {hostile}",), actual=f"milder {hostile}"),
    ]
    suites = (
        make.suite(verdicts, [make.metric(low=0.58, high=0.86)], tables={"confusion": CONFUSION}),
        make.suite([make.verdict("case-1")], [make.metric("sendable", None, 0)], name="drafting"),
    )
    results = [
        make.done(make.answer(POLICY), "case-1"),
        make.done(make.answer(POLICY, (1, 2, 2, 2), quote="der Export bricht ab", situation=hostile), "case-2"),
    ]
    return make.report(make.contestant(*suites, results=results, stale_answers=2)), cases


def page_of(tmp_path, hostile: str = "", checked=None):
    report, cases = two_cases(hostile)
    path = tmp_path / "report.html"
    path.write_text(html.render(report, cases, policy=POLICY, checked=checked), encoding="utf-8")
    return path


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def shown_cases(document: str) -> list[str]:
    articles = (a for a in Elements(document).of("article") if "hidden" not in a)
    return [article["id"] for article in articles]


def test_the_page_fetches_nothing_and_names_its_own_style_and_script(tmp_path):
    """No address of another machine, no element that loads, and a policy that allows two digests and nothing else."""
    page = page_of(tmp_path).read_text(encoding="utf-8")
    assert not re.search(r"https?://", page)
    elements = Elements(page)
    assert not any({"src", "srcset", "style", "action"} & attributes.keys() for _, attributes in elements.found)
    assert not any(name.startswith("on") for _, attributes in elements.found for name in attributes)
    assert all(attributes["href"].startswith("#") for attributes in elements.of("a"))
    assert not elements.of("link")
    policy = next(m["content"] for m in elements.of("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_words_of_a_case_never_become_markup(tmp_path):
    """Whatever a thread, a title, a finding or an answer holds, the page has the same elements as with plain words."""
    plain, hostile = (page_of(tmp_path, words).read_text(encoding="utf-8") for words in ("\u200b", make.HOSTILE))
    assert [tag for tag, _ in Elements(hostile).found] == [tag for tag, _ in Elements(plain).found]
    assert not set(hostile) & {"\x1b", "\x00", "\u202e"}


def test_every_part_of_a_report_is_on_the_page(tmp_path):
    """Figures with intervals, the matrix, the plots, the gates, threads with marked quotes, labels and answers."""
    page = page_of(tmp_path, checked=Checked((LOW,))).read_text(encoding="utf-8")
    for words in ("0.75", "0.58 to 0.86", "no data", "1 gate fails", "too low", "hosted model, live, 2 stale"):
        assert words in page
    assert '<a href="#case-case-2">case-2</a>' in page
    assert '<mark class="quote" title="customer impact">the export fails every morning</mark>' in page
    assert '<mark class="fact" title="key fact">our drivers wait at the gate</mark>' in page
    assert '<q class="missing">nobody wrote this</q>' in page
    assert 'class="shade5 hit">7</td>' in page
    assert page.count("<figure>") == 4
    assert "customer impact: 1 of 2 exact" in page
    assert "Drivers wait, but only in the morning." in page


def test_a_gate_that_was_not_checked_is_not_said_to_hold(tmp_path):
    """No verdict, no green box."""
    assert 'aria-label="Gates"' not in page_of(tmp_path, checked=None).read_text(encoding="utf-8")
    assert "No gate fails" in page_of(tmp_path, checked=Checked((), bounds=3, compared=9)).read_text(encoding="utf-8")


def test_a_case_without_an_answer_is_shown_as_what_it_is():
    """The outcome in words, not 'wrong'."""
    silent = make.verdict(passed=False, outcome=Outcome.REFUSED, actual="no answer")
    report = make.report(make.contestant(make.suite([silent]), results=[make.failure(Outcome.REFUSED)]))
    page = html.render(report, make.cases(make.case()), policy=POLICY)
    assert '<span class="state bad">refused</span>' in page
    assert ">wrong</span>" not in page
    assert "<figure>" not in page


def test_a_baseline_that_fails_does_not_fail_the_case():
    """Only who has to hold can turn a case red."""
    rules = make.contestant(make.suite([make.verdict(passed=False)]), name="rules", model_class=ModelClass.BASELINE)
    report = make.report(make.contestant(make.suite([make.verdict()])), rules)
    (view,) = html.case_views(report, make.cases(make.case()), POLICY)
    assert not view.failed
    assert [judged.failed for judged in view.judged] == [False, False]


def test_characters_that_are_not_shown_are_counted():
    """A text that hides something says so."""
    case = make.case(text="The export fails.\u200b\u202e\U000e0041\r\nTom\tHill")
    assert html.case_view(case, None, (), POLICY).hidden == 3


def test_bubbles_count_pairs_and_the_line_joins_means():
    """Two answers to the label 3, one exact and one a point above: a mean of 3.5."""
    results = [make.done(make.answer(POLICY, (level, 3, 3, 3)), case_id) for level, case_id in ((3, "a"), (4, "b"))]
    plot, *_ = plots.level_plots(make.contestant(results=results).run, make.cases(make.case("a"), make.case("b")))
    assert [(bubble.words, bubble.exact) for bubble in plot.bubbles] == [
        ("labelled 3, given 3: 1", True),
        ("labelled 3, given 4: 1", False),
    ]
    assert plot.mean_line == f"{2.5 * plots.CELL},{2.0 * plots.CELL:.1f}"
    assert (plot.exact, plot.n) == (1, 2)


@pytest.mark.parametrize(
    ("value", "low", "high"), [(None, 0.1, 0.2), (0.5, None, None), (4.0, 3.0, 5.0), (0.1, -0.2, 0.4)]
)
def test_only_shares_are_drawn_as_bars(value, low, high):
    """A mean error or a negative kappa has no place between 0 and 1."""
    assert plots.bar(make.metric(value=value, low=low, high=high)) is None
    assert plots.bar(make.metric(value=0.5, low=0.25, high=0.75)) == plots.Bar(50, 25, 50)


@needs_browser
@pytest.mark.parametrize(
    ("fragment", "left"),
    [
        ("", ["case-case-2", "case-case-1"]),
        ("#failed=1", ["case-case-2"]),
        ("#suite=drafting", ["case-case-1"]),
        ("#suite=drafting&failed=1", []),
        ("#band=handle_yourself", ["case-case-2"]),
        ("#tag=export&language=en", ["case-case-1"]),
    ],
)
def test_the_filter_hides_what_does_not_fit(tmp_path, fragment, left):
    """In a real browser: suite, band, tag, language and 'not passed' each hide cases, and the count says how many."""
    document = dom(page_of(tmp_path), fragment)
    assert shown_cases(document) == left
    assert f"{len(left)} of 2 cases" in document


@needs_browser
def test_a_link_from_a_failed_gate_opens_its_case(tmp_path):
    """Who clicks a failing case reads it."""
    document = dom(page_of(tmp_path, checked=Checked((LOW,))), "#case-case-2")
    article = document[document.index('id="case-case-2"') :]
    assert article[: article.index("</summary>")].count("<details open") == 1


@needs_browser
def test_hostile_words_stay_words_in_a_real_browser(tmp_path):
    """No script of a thread runs and no request leaves."""
    with counting_server() as (address, asked):
        document = dom(page_of(tmp_path, f"{make.HOSTILE}<img src='{address}/thread'>"))
    assert "<title>Evals: openai/some-model" in document
    assert not asked
    assert not Elements(document).of("img")


@needs_browser
def test_markup_that_slipped_through_could_neither_run_nor_load(tmp_path):
    """The second line of defence: planted behind the escaping, script and image are stopped by the page's policy."""
    path = page_of(tmp_path)
    with counting_server() as (address, asked):
        planted = f"<script>document.title='owned'</script><img src='{address}/a'><style>@import '{address}/b'</style>"
        path.write_text(path.read_text(encoding="utf-8").replace("<body>", f"<body>{planted}"), encoding="utf-8")
        document = dom(path)
    assert "<title>Evals: openai/some-model" in document
    assert not asked
    assert "2 of 2 cases" in document


@needs_browser
def test_the_page_is_drawn(tmp_path):
    """A screenshot comes out of a real browser."""
    shot = tmp_path / "shot.png"
    browse(page_of(tmp_path), "--window-size=1200,800", f"--screenshot={shot}")
    assert shot.read_bytes().startswith(b"\x89PNG")


def two_runs(hostile: str = ""):
    """Six cases that pass before and fail after, and one the other way round."""
    cases = make.cases(*(make.case(f"c{n}", make.TEXT + hostile) for n in range(7)))

    def run(*, passed, levels, **fields):
        verdicts = [make.verdict(f"c{n}", passed=(n < 6) == passed, actual=f"got {hostile}") for n in range(7)]
        results = [make.done(make.answer(POLICY, levels), f"c{n}") for n in range(7)]
        suite = make.suite(verdicts, [make.metric(value=0.9 if passed else 0.1, n=7)])
        return make.report(make.contestant(suite, results=results, **fields))

    before = run(passed=True, levels=(3, 3, 3, 3))
    return before, run(passed=False, levels=(3, 3, 3, 4), policy="framework@2#new"), cases


def test_a_comparison_says_what_moved_and_whether_chance_explains_it():
    """6 lost against 1 gained is p 0.12: no difference shown; 7 of 7 lost levels is one."""
    page = compare.render(*two_runs(), policy=POLICY)
    rows = {row[0]: row[1:] for row in re.findall(r"<tr><td>([\w ]+)</td>((?:<td>[^<]*</td>){6})<td>", page)}
    cells = {name: re.findall(r"<td>([^<]*)</td>", row[0]) for name, row in rows.items()}
    assert cells["end to end"] == ["7", "0.9", "0.1", "6", "1", "p 0.12"]
    assert cells["csm capability"] == ["7", "1.0", "0.0", "7", "0", "p 0.016"]
    assert cells["band"] == ["7", "1.0", "1.0", "0", "0", "p 1"]
    assert cells["total error"][-1] == "too few cases (7)"
    assert page.count(">no difference shown<") == 8
    assert page.count(">worse<") == 1
    assert "−0.8 worse" in page
    assert "framework@2#new" in page
    assert page.count(">lost</span>") == 6
    assert page.count(">gained</span>") == 1


def test_a_comparison_keeps_hostile_words_words():
    """The same rule as on the report's page."""
    page = compare.render(*two_runs(make.HOSTILE), policy=POLICY)
    assert len(Elements(page).of("script")) == 1
    assert not Elements(page).of("img")
    assert not re.search(r"https?://", page)


def test_runs_without_a_common_suite_are_not_compared():
    """A page without a change would read as if nothing had changed."""
    before, _, cases = two_runs()
    other = make.report(make.contestant(make.suite([make.verdict("c0")], name="drafting")))
    with pytest.raises(ConfigurationError, match=r"in end_to_end on the split test, and .* in drafting on"):
        compare.render(before, other, cases, policy=POLICY)


def test_an_accepted_report_is_compared_by_the_suite_that_both_have():
    """It may hold a contestant for each suite that was accepted at another time."""
    before, after, _ = two_runs()
    drafting = make.contestant(make.suite([make.verdict("c0")], name="drafting"))
    both = make.report(drafting, *before.contestants)
    assert compare.sides(both, after).passes.contrasts[0].lost == tuple(f"c{n}" for n in range(6))
