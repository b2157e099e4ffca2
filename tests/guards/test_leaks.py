import pytest

from agent.guards import check
from agent.schema import FindingCode, Message, Side, Signature, Situation
from tests.builders import stated_arr
from tests.guards.cases import POLICY, brief, saying


def internal(sentence, language="en", case=None):
    """The words that the guards hold against this sentence as internal."""
    found = check(saying(sentence, language), case or brief(language), POLICY)
    return [f.words for f in found if f.code is FindingCode.INTERNAL]


def heard_from_customer(words, language="en"):
    """The same case in which the customer also wrote these words."""
    case = brief(language)
    said = Message(number=9, side=Side.CUSTOMER, author="Priya Raman", body=words)
    situation = case.situation.model_copy(update={"messages": (*case.situation.messages, said)})
    return case.model_copy(update={"situation": situation})


@pytest.mark.parametrize(
    ("language", "sentence", "at_fault"),
    [
        ("en", "Your ARR matters to us.", "ARR"),
        ("de", "Ihr ARR ist uns wichtig.", "ARR"),
        ("en", "We would like this settled before the renewal.", "renewal"),
        ("de", "Das soll vor der Vertragsverlängerung geklärt sein.", "Vertragsverlängerung"),
        ("en", "We want to avoid churn here.", "churn"),
        ("de", "Wir möchten eine Abwanderung vermeiden.", "Abwanderung"),
        ("fr", "Nous voulons avancer avant le renouvellement.", "renouvellement"),
        ("es", "Queremos avanzar antes de la renovación.", "renovación"),
        ("nl", "Wij willen dit vóór de verlenging regelen.", "verlenging"),
        ("it", "Vogliamo chiarire tutto prima del rinnovo.", "rinnovo"),
        ("en", "We see you as a strategic account.", "strategic account"),
    ],
)
def test_words_of_the_trade_stay_inside(language, sentence, at_fault):
    """Revenue, renewal, churn and standing are never spoken of to a customer who did not."""
    case = brief(language if language in {"en", "de"} else "en", language=language)
    assert internal(sentence, language, case) == [at_fault]


def test_a_customer_who_speaks_of_the_renewal_gets_an_answer():
    """What the customer brought up, in whatever language, may be answered."""
    assert internal("I note what you wrote about the renewal.", case=heard_from_customer("Our renewal is near.")) == []
    case = heard_from_customer("Wir entscheiden über die Verlängerung.", "de")
    assert internal("Was Sie zur Vertragsverlängerung schreiben, nehme ich ernst.", "de", case) == []


@pytest.mark.parametrize("amount", ["EUR 61k", "61.000 EUR", "€61,000", "61k", "61,000"])
def test_the_revenue_leaks_in_no_notation(amount):
    """The amount is compared, not its spelling."""
    case = brief(arr=stated_arr(61000))
    assert amount in internal(f"You pay us {amount}.", case=case)


def test_a_revenue_that_the_customer_names_is_no_secret():
    """The customer may quote what they pay, and be answered."""
    case = heard_from_customer("We pay you EUR 61,000 a year!")
    assert internal("I see that you pay EUR 61,000.", case=case) == []


@pytest.mark.parametrize(
    ("language", "sentence", "at_fault"),
    [
        ("en", "Your case was rated 4/5.", "4/5"),
        ("en", "It stands at level 3.", "level 3"),
        ("en", "That gives a total of 12.", "total of 12"),
        ("de", "Ihr Fall hat Stufe 4.", "Stufe 4"),
        ("en", "I chose to escalate with urgency.", "Escalate with urgency"),
        ("en", "For us this is a product defect.", "Product defect"),
        ("en", "I gave it to CS leadership.", "CS leadership"),
        ("de", "Das liegt bei Product management.", "Product management"),
    ],
)
def test_our_framework_and_our_teams_stay_inside(language, sentence, at_fault):
    """Ratings, band names, issue types and internal team names are ours."""
    scores = (4, 4, 4, 4) if at_fault == "Escalate with urgency" else (3, 3, 3, 3)
    assert at_fault in internal(sentence, language, brief(language, scores=scores))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We rated this 4 out of 5."),
        ("en", "It came out as 17 of 20."),
        ("en", "We gave it seventeen points."),
        ("en", "Your case has priority 1."),
        ("en", "This is a P1 for us."),
        ("en", "It has severity high."),
        ("en", "It stands in our second highest category."),
        ("en", "You are one of our top accounts."),
        ("en", "You are strategically important to us."),
        ("en", "Your contract ends in June, so this matters."),
        ("en", "We know you may leave us."),
        ("en", "We want to keep you as a customer."),
        ("en", "Our CEO knows of it."),
        ("en", "My manager asked me to write."),
        ("en", "You pay us forty thousand a year."),
        ("de", "Das haben wir mit 17 von 20 Punkten bewertet."),
        ("de", "Ihr Fall hat Priorität 1."),
        ("de", "Sie gehören zu unseren größten Kunden."),
        ("de", "Ihr Vertrag läuft im Juni aus."),
        ("de", "Unser Geschäftsführer weiß davon."),
        ("fr", "Votre contrat arrive à échéance, nous le savons."),
        ("fr", "Vous êtes un client stratégique."),
        ("es", "Su contrato vence pronto."),
        ("es", "Su caso tiene prioridad 1."),
        ("nl", "U bent onze belangrijkste klant."),
        ("nl", "Uw contract loopt in juni af."),
        ("it", "Il Suo contratto scade presto."),
        ("it", "Questo caso ha priorità 1."),
        ("en", "You are an important account for us."),
        ("en", "I have flagged this as critical internally."),
        ("en", "Our leadership team has rated it urgent."),
        ("en", "Your score is 4."),
        ("en", "I do not have the authority to decide this."),
        ("en", "It is a low priority account."),
        ("en", "It has the highest priority score."),
        ("en", "You are a tier 1 customer."),
        ("en", "Your account is on a watchlist."),
        ("en", "I do not have permission to tell you more."),
        ("en", "Let this stay between us."),
        ("de", "Das hat bei uns geringe Priorität."),
        ("it", "Non vogliamo perdere un cliente."),
        ("de", "Ihr Konto ist gefährdet."),
        ("de", "Wir wollen Sie als Kunden nicht verlieren."),
        ("de", "Sie sind ein Referenzkunde."),
        ("de", "Intern haben wir das als kritisch eingestuft."),
        ("fr", "Votre compte est à risque."),
        ("fr", "Ma directrice est au courant."),
        ("es", "Su cuenta está en riesgo."),
        ("es", "Su puntuación es 4."),
        ("nl", "Uw account loopt risico."),
        ("nl", "Wij willen u niet kwijtraken."),
        ("it", "Non vogliamo perderLa."),
        ("it", "Lei è un cliente di riferimento."),
    ],
)
def test_ratings_standing_offices_and_contract_ends_stay_inside(language, sentence):
    """How we rank a case or an account, who sits above us, and when a contract ends is not for the customer."""
    case = brief(language if language in {"en", "de"} else "en", language=language)
    assert internal(sentence, language, case)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This is a top priority for us."),
        ("en", "I have passed on that this is a high priority for you."),
        ("en", "I do not have the authority to promise a date."),
        ("en", "Your administrators have permission to change the export."),
        ("en", "The connection between us and Zebrix is being looked at."),
        ("en", "The watchlist export is a different matter."),
        ("en", "Could you tell me at what time in the day it fails?"),
        ("de", "Das Thema hat für uns hohe Priorität."),
        ("de", "Ich werde intern klären, wie kritisch der Export ist."),
        ("fr", "C’est une priorité absolue pour nous."),
        ("es", "Es una prioridad máxima para nosotros."),
        ("nl", "Dit heeft voor ons de hoogste prioriteit."),
        ("it", "Non vogliamo perdere altro tempo."),
    ],
)
def test_care_for_the_customer_is_no_leak(language, sentence):
    """How much a case matters, what we may not promise, and plain words that only sound internal."""
    case = brief(language if language in {"en", "de"} else "en", language=language)
    assert check(saying(sentence, language), case, POLICY) == ()


@pytest.mark.parametrize(
    "word", ["AR\u200bR", "ＡＲＲ", "A R R", "A\u00adRR", "\U0001d400\U0001d411\U0001d411", "\u0410RR"]
)
def test_a_disguise_hides_no_word(word):
    """Invisible marks, full-width or spaced letters and letters of another script are seen through."""
    assert internal(f"Your {word} is high.")


@pytest.mark.parametrize("amount", ["about 70k", "EUR 5,083.33", "15,250"])
def test_what_the_account_pays_is_not_spoken_of_in_other_words(amount):
    """A rounded figure behind 'you pay', or the same revenue by month or quarter, is revenue as well."""
    assert internal(f"You pay us {amount}.", case=brief(arr=stated_arr(61000)))


def test_a_name_of_ours_that_opens_a_sentence_is_seen():
    """'Bernd thinks' names somebody only our notes speak of; 'This is' names nobody."""
    case = brief()
    note = Message(number=9, side=Side.CSM_NOTE, body="Bernd in engineering is slow. This is bad. You know him.")
    case = case.model_copy(
        update={"situation": case.situation.model_copy(update={"messages": (*case.situation.messages, note)})}
    )
    assert internal("Bernd thinks it is in the export.", case=case) == ["Bernd"]
    assert internal("This is hard for you. You can reply at any time.", case=case) == []


def test_our_own_comment_without_a_recipient_is_not_shared():
    """What one of us wrote is the customer's knowledge only if it was addressed to them."""
    words = "The queue in Orbitron was rebuilt over night."
    for opening, shared in (("", False), ("Hi Priya, ", True), ("Priya is loud. ", False)):
        case = brief()
        said = Message(number=9, side=Side.US, author="Nora Quist", body=f"{opening}{words}")
        situation = case.situation.model_copy(update={"messages": (*case.situation.messages, said)})
        found = internal(words, case=case.model_copy(update={"situation": situation}))
        assert (not found) is shared, opening


def test_words_of_nobody_in_particular_are_internal():
    """In a thread without a known side nothing was said by the customer; the topic may still be named, the name greeted."""
    said = (
        Message(number=1, side=Side.UNKNOWN, author="Priya Raman", body="We get a discount at the renewal, they say."),
        Message(
            number=2, side=Side.UNKNOWN, author="Lo", body="Tobias has seen that the worker is too small for all of it."
        ),
    )
    case = brief(situation="The label export to Zebrix fails every morning since Monday; EUR 900 went on couriers.")
    text = "\n".join(m.body for m in said)
    case = case.model_copy(update={"situation": Situation(text=text, messages=said), "signature": Signature()})
    assert internal("I am looking at it.", case=case) == []
    assert internal("We speak of it at the renewal.", case=case) == ["renewal"]
    assert internal("We have seen that the worker is too small for all of it.", case=case)
    assert "Tobias" in internal("It lies with Tobias.", case=case)


def test_ordinary_numbers_and_escalating_are_no_leak():
    """A customer may hear that it was passed on, and their own figures."""
    assert internal("I escalated it; the label export to Zebrix holds about 40 pallets.") == []
    assert internal("Ich habe es eskaliert; es betrifft rund 40 Paletten.", "de") == []


def test_a_colleague_who_only_wrote_inside_is_not_named():
    """Viktor wrote to Nora alone; Nora wrote to the customer and signs."""
    assert internal("Viktor is on it.") == ["Viktor"]
    assert internal("Nora here, on your case.") == []
    assert internal("Lund kümmert sich.", "de", heard_inside("Lund")) == ["Lund"]


@pytest.mark.parametrize(
    ("language", "note", "sentence", "at_fault"),
    [
        ("en", "Ask Tobias about Orbitron.", "We found the cause in Orbitron.", "Orbitron"),
        ("de", "Frau Ottersbach prüft das.", "Darum kümmert sich Frau Ottersbach.", "Ottersbach"),
    ],
)
def test_a_name_from_a_note_alone_is_not_named(language, note, sentence, at_fault):
    """People and systems that only our notes name stay inside."""
    case = brief(language)
    said = Message(number=9, side=Side.CSM_NOTE, body=note)
    situation = case.situation.model_copy(update={"messages": (*case.situation.messages, said)})
    assert at_fault in internal(sentence, language, case.model_copy(update={"situation": situation}))


def heard_inside(author):
    """The German case with a mail between colleagues."""
    case = brief("de")
    mail = Message(number=9, side=Side.US, author=author, to="Nora Quist", body="Ich sehe es mir an.")
    return case.model_copy(
        update={"situation": case.situation.model_copy(update={"messages": (*case.situation.messages, mail)})}
    )


@pytest.mark.parametrize(
    ("language", "copied", "own"),
    [
        ("en", "We see that the queue worker leaks memory badly.", "We see that something in our service gets stuck."),
        ("de", "Man vermutet ein Speicherleck im Warteschlangendienst.", "Es gibt einen Fehler in unserem Dienst."),
    ],
)
def test_a_run_of_words_from_a_note_is_a_copy(language, copied, own):
    """Four telling words in a row from a note the customer never read."""
    assert internal(copied, language)
    assert internal(own, language) == []


def test_a_long_run_of_small_words_is_a_copy_too():
    """Six words in a row from a note are no chance, however small; a shorter run of small words is."""
    case = brief()
    said = Message(number=9, side=Side.CSM_NOTE, body="It is up to us to let it go on as it is.")
    case = case.model_copy(
        update={"situation": case.situation.model_copy(update={"messages": (*case.situation.messages, said)})}
    )
    assert internal("I see that it is up to us to let it be.", case=case) == ["it is up to us to"]
    assert internal("I see that it is up to me.", case=case) == []


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "A patch is planned for Thursday."), ("de", "Am Donnerstag gibt es Neues.")]
)
def test_a_date_from_a_note_is_not_told(language, sentence):
    """A date that only our notes know is internal, however true."""
    assert [words for words in internal(sentence, language) if words in {"Thursday", "Donnerstag"}]


def test_without_the_customers_words_the_topic_may_still_be_named():
    """A lone note is the only source of the topic: naming it is no copy, a long run of its words is."""
    note = "Every morning since Monday: no labels in Zebrix. Priya is furious with all of us, about 40 pallets stand around."
    situation = Situation(text=note, messages=(Message(number=1, side=Side.CSM_NOTE, body=note),))
    case = brief(
        situation="The label export to Zebrix fails every morning since Monday; EUR 900 went on couriers.",
        customer_deadline="before 22 June",
    ).model_copy(update={"situation": situation, "signature": Signature()})
    assert internal("I am looking at it.", case=case) == []
    assert internal("Priya is furious with all of us, and rightly so.", case=case)
