import pytest

from agent.guards import check
from agent.schema import FindingCode
from tests.guards.cases import ACTION, POLICY, brief, draft, saying
from tests.guards.test_leaks import heard_from_customer


def found(sentence, code, language="en", case=None):
    """The words that a guard holds against this sentence under one code."""
    return [f.words for f in check(saying(sentence, language), case or brief(language), POLICY) if f.code is code]


@pytest.mark.parametrize(
    ("language", "sentence", "at_fault"),
    [
        ("en", "I will call you on Wednesday.", "Wednesday"),
        ("en", "More by 3 July.", "3 July"),
        ("en", "More by July.", "by July"),
        ("en", "I will call you at 15:30.", "15:30"),
        ("en", "I will write to you tomorrow.", "tomorrow"),
        ("en", "You hear from us within 24 hours.", "within 24 hours"),
        ("de", "Ich rufe Sie am Mittwochnachmittag an.", "Mittwochnachmittag"),
        ("de", "Mehr am 3. Juli.", "3. Juli"),
        ("de", "Ich melde mich um 15 Uhr.", "15 Uhr"),
        ("de", "Ich melde mich morgen.", "morgen"),
        ("de", "Sie hören innerhalb von 24 Stunden von uns.", "innerhalb von 24 Stunden"),
        ("fr", "Je vous appelle mercredi.", "mercredi"),
        ("es", "Le llamo en 24 horas.", "en 24 horas"),
        ("nl", "Ik bel U binnen 24 uur.", "binnen 24 uur"),
        ("it", "La chiamo domani.", "domani"),
        ("en", "More in a few hours.", "in a few hours"),
        ("en", "We speak at 3.", "at 3"),
        ("de", "Mehr in ein paar Stunden.", "in ein paar Stunden"),
        ("de", "Wir sprechen um 15.", "um 15"),
        ("fr", "Plus dans quelques jours.", "dans quelques jours"),
        ("es", "Sabremos más en unas pocas horas.", "en unas pocas horas"),
        ("nl", "Meer over een paar dagen.", "over een paar dagen"),
        ("it", "Di più tra qualche giorno.", "tra qualche giorno"),
        ("en", "I write again this afternoon.", "write again this afternoon"),
        ("en", "You hear from us later this week.", "later this week"),
        ("de", "Mehr im Laufe des Tages.", "im Laufe des Tages"),
        ("fr", "Vous aurez une réponse dans la journée.", "dans la journée"),
        ("es", "Sabremos más esta semana.", "esta semana"),
        ("nl", "Meer volgende maand.", "volgende maand"),
        ("it", "Ne sapremo di più in giornata.", "in giornata"),
    ],
)
def test_a_date_that_nobody_named_is_invented(language, sentence, at_fault):
    """Days, dates, times and spans come from the engine, never from a model."""
    case = brief(language if language in {"en", "de"} else "en", language=language)
    assert at_fault in found(sentence, FindingCode.INVENTED_DATE, language, case)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It has failed since Monday, and you need it before June 22."),
        ("en", "It may take a moment; good morning to all, and thank you for waiting in these days."),
        ("de", "Es bricht seit Montag ab, und Sie brauchen ihn vor dem 22.06."),
        ("de", "Einen Termin kann ich Ihnen heute noch nicht nennen."),
        ("de", "Guten Morgen an alle, und danke für Ihre Geduld in diesen Tagen."),
    ],
)
def test_a_date_from_the_text_is_not_invented_however_it_is_written(language, sentence):
    """Dates are compared, not their spelling; looking back is fine."""
    assert found(sentence, FindingCode.INVENTED_DATE, language) == []


@pytest.mark.parametrize(
    ("language", "sentence", "at_fault"),
    [
        ("en", "That is EUR 450 for you.", "EUR 450"),
        ("en", "It affects 12% of the labels.", "12%"),
        ("de", "Das sind 450 Euro für Sie.", "450 Euro"),
        ("de", "Das betrifft 12 Prozent.", "12 Prozent"),
    ],
)
def test_an_amount_that_nobody_named_is_invented(language, sentence, at_fault):
    """Money and percentages stand in the text or nowhere."""
    assert found(sentence, FindingCode.INVENTED_AMOUNT, language) == [at_fault]


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "You paid €900.00."), ("de", "Sie zahlten € 900 an Kuriere.")]
)
def test_an_amount_from_the_text_is_not_invented_however_it_is_written(language, sentence):
    """Amounts are compared, not their spelling."""
    assert found(sentence, FindingCode.INVENTED_AMOUNT, language) == []


@pytest.mark.parametrize(
    ("language", "sentence", "at_fault"),
    [
        ("en", "My colleague Tobias has it.", "Tobias"),
        ("en", "We found it in Kubernetes.", "Kubernetes"),
        ("de", "Das hat Frau Ottersbach übernommen.", "Ottersbach"),
        ("de", "Das hat jetzt Tobias Ottersbach.", "Tobias Ottersbach"),
        ("fr", "C’est Tobias qui s’en charge.", "Tobias"),
    ],
)
def test_a_name_that_stands_nowhere_is_invented(language, sentence, at_fault):
    """People, companies and products are named only if the text names them."""
    case = brief(language if language in {"en", "de"} else "en", language=language)
    assert found(sentence, FindingCode.INVENTED_NAME, language, case) == [at_fault]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "The export to Zebrix and Priya’s pallets matter to me. Thank you, Priya. Lumivane owes you that; the API too.",
        ),
        ("de", "Der Export zu Zebrix und Ihre Paletten sind mir wichtig, Frau Raman; Ihre Rückmeldung hilft uns."),
    ],
)
def test_known_names_and_german_nouns_are_not_invented(language, sentence):
    """A capital alone proves nothing: nouns, pronouns, abbreviations and names from the text pass."""
    assert found(sentence, FindingCode.INVENTED_NAME, language) == []


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/x", "www.evil.example", "evil.example", "help@evil.example", "ＨＴＴＰＳ：//evil．example"],
)
def test_an_address_that_nobody_gave_is_invented(address):
    """The reader is sent nowhere the customer has not been; the customer's own address may come back."""
    assert found(f"See {address} for more.", FindingCode.INVENTED_NAME)
    case = heard_from_customer("Our page is https://evil.example/x www.evil.example help@evil.example")
    assert found(f"See {address} for more.", FindingCode.INVENTED_NAME, case=case) == []


@pytest.mark.parametrize("number", ["DE89 3704 0044 0532 0130 00", "+49 151 2345 678", "0151 2345678"])
def test_a_bank_account_or_a_telephone_number_is_not_invented(number):
    """Nobody is asked to pay to, or to dial, what is not in the text."""
    assert found(f"Please use {number} for it.", FindingCode.INVENTED_NAME)


def test_an_account_that_was_only_read_lends_no_name():
    """What was taken for the account may be a colleague; [ACCOUNT] says it where it is one."""
    assert found("My colleague Tobias has it.", FindingCode.INVENTED_NAME, case=brief(account="Tobias"))


def test_a_greeting_to_nobody_in_the_text_is_invented():
    """The salutation names the person who wrote."""
    body = draft().customer_message.body.replace("Hello Priya", "Hello Tobias")
    assert [f.words for f in check(draft(body=body), brief(), POLICY)] == ["Tobias"]
    body = draft("de").customer_message.body.replace("Guten Tag Frau Raman", "Sehr geehrte Damen und Herren")
    assert check(draft("de", body=body), brief("de"), POLICY) == ()


def test_the_ask_may_use_what_we_know_and_nothing_else():
    """The owner may read the notes' dates and amounts; a date of the model's own is refused there too."""
    assert check(draft(action=f"{ACTION} They pay EUR 61k; the patch of Thursday may help."), brief(), POLICY) == ()
    codes = [f.code for f in check(draft(action=f"{ACTION} Do it by 3 July."), brief(), POLICY)]
    assert codes == [FindingCode.INVENTED_DATE]


@pytest.mark.parametrize(
    ("action", "at_fault"),
    [
        ("Ask Bernd Schuster to find out why the export stops.", ["Bernd Schuster"]),
        ("Have Mr. Keller find out why the export stops.", ["Keller"]),
        ("Ask Priya Raman for a file and find out why the export stops.", []),
        ("Find out why the export stops and hand it over to Bernd Schuster.", ["Bernd Schuster"]),
        ("Have Maria Lopez find out why the export stops.", ["Maria Lopez"]),
        ("Find out why the export stops and deliver a report with Root Cause Analysis.", []),
        ("Find out why it stops, deliver a workaround for Single Sign-On, and bring it back to Full Service.", []),
        ("Find out why it stops, with the alerts from Quality Assurance, and move it to Background Jobs.", []),
        ("Get Access Logs for the worker, ask Quality Assurance, and find out why the export stops.", []),
        ("Find the Root Cause in the Label Export for Orlenka Logistics and deliver a dated plan.", []),
    ],
)
def test_an_ask_turns_to_nobody_the_text_does_not_name(action, at_fault):
    """A person is as little invented for colleagues as for the customer; a capitalised term is no person."""
    found = check(draft(action=action), brief(), POLICY)
    assert [f.words for f in found if f.code is FindingCode.INVENTED_NAME] == at_fault


def test_a_question_in_spanish_opens_with_no_name():
    """Behind '¿' a capital opens the sentence."""
    assert found("¿Podría enviarme un archivo?", FindingCode.INVENTED_NAME, "es", brief(language="es")) == []


def test_a_capital_names_nobody_where_pronouns_have_one():
    """Polish writes 'Państwa' as German writes 'Sie': in a language without lists one capital accuses nobody."""
    case = brief(language="pl")
    assert found("Rozumiem Państwa sytuację.", FindingCode.INVENTED_NAME, case=case) == []
    assert found("Wiem, że pisze Bernd Schuster.", FindingCode.INVENTED_NAME, case=case) == ["Bernd Schuster"]
