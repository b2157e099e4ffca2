import pytest

from agent.guards import check
from agent.schema import FindingCode
from tests.guards.cases import POLICY, THREADS, brief, saying
from tests.guards.test_leaks import heard_from_customer


def promised(sentence, language="en", case=None):
    """The words that are held against this sentence as a promise."""
    case = case or brief(language if language in THREADS else "en", language=language)
    return [f.words for f in check(saying(sentence, language), case, POLICY) if f.code is FindingCode.PROMISE]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It will be fixed."),
        ("en", "We will resolve it."),
        ("en", "I guarantee a result."),
        ("en", "This will not happen again."),
        ("de", "Der Fehler wird zügig behoben."),
        ("de", "Ich verspreche Ihnen eine Lösung."),
        ("de", "Wir garantieren Ihnen ein Ergebnis."),
        ("fr", "Le problème sera résolu."),
        ("es", "El problema quedará resuelto."),
        ("nl", "Het probleem wordt snel opgelost."),
        ("it", "Il problema sarà risolto."),
        ("en", "I know how much this matters: it will be fixed."),
        ("en", "The fix ships with the next release."),
        ("en", "A fix is on its way."),
        ("en", "Expect a fix shortly."),
        ("en", "It’ll be sorted."),
        ("en", "We will have it fixed."),
        ("en", "We fix it."),
        ("en", "It should be working again soon."),
        ("en", "I will call you at three."),
        ("en", "We’ll make this right."),
        ("en", "I give you my word."),
        ("de", "Die Korrektur ist unterwegs."),
        ("de", "Das kommt mit dem nächsten Release."),
        ("de", "Ich rufe Sie gern an."),
        ("de", "Es sollte bald wieder funktionieren."),
        ("fr", "Le correctif arrive."),
        ("fr", "Je vous rappelle."),
        ("fr", "Cela devrait bientôt fonctionner."),
        ("es", "La solución está en camino."),
        ("es", "Le llamaré."),
        ("es", "Debería volver a funcionar."),
        ("nl", "De oplossing komt eraan."),
        ("nl", "Ik bel u."),
        ("nl", "Dat komt in de volgende versie."),
        ("it", "La correzione è in arrivo."),
        ("it", "La chiamerò."),
        ("it", "Dovrebbe tornare a funzionare."),
        ("en", "I will make sure it gets fixed."),
        ("en", "This is going to be fixed."),
        ("en", "You can count on a fix."),
        ("en", "Our engineers are committed to having this working."),
        ("en", "We’ll have you back up and running."),
        ("de", "Ich sorge dafür, dass das gelöst wird."),
        ("de", "Ich stelle sicher, dass der Export wieder läuft."),
        ("de", "Ich werde das für Sie lösen."),
        ("de", "Sie können sich auf eine Lösung verlassen."),
        ("fr", "Nous allons régler ce problème."),
        ("fr", "Je veille à ce que tout soit réglé."),
        ("fr", "Je m’engage à trouver une issue."),
        ("es", "Me aseguraré de que se resuelva."),
        ("es", "Lo tendrá resuelto muy pronto."),
        ("es", "Se arreglará enseguida."),
        ("nl", "U kunt rekenen op een oplossing."),
        ("nl", "Wij lossen dit op."),
        ("nl", "Het komt goed."),
        ("it", "Mi impegno a risolvere il problema."),
        ("it", "Risolviamo subito."),
        ("it", "Può contare su una soluzione."),
        ("en", "Rest assured that a fix is near."),
        ("en", "I am certain that the export is working by then."),
        ("en", "I will make sure the export is back."),
        ("en", "Nothing to worry about, it will be fixed."),
        ("fr", "Nous nous engageons à corriger l’erreur."),
        ("fr", "Nous ferons en sorte que l’export fonctionne."),
        ("fr", "Je vous assure que tout sera réglé."),
        ("es", "Me comprometo a resolver el problema."),
        ("nl", "Wij herstellen dit."),
        ("nl", "We maken het in orde."),
        ("it", "Ci impegniamo a correggere l’errore."),
        ("it", "Interveniamo in modo che tutto funzioni."),
        ("it", "Può contare su di noi per una soluzione."),
    ],
)
def test_a_fix_is_not_promised(language, sentence):
    """Nobody has promised a fix, so no message does."""
    assert promised(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "You asked when it will be fixed."),
        ("en", "I cannot promise a result yet."),
        ("en", "I will keep you posted and we will work on it."),
        ("de", "Sie fragen, wann der Fehler behoben wird."),
        ("de", "Eine Lösung kann ich noch nicht versprechen."),
        ("de", "Wir arbeiten an einer Lösung."),
        ("fr", "Je ne vous promets rien à ce stade."),
        ("nl", "Wij werken aan een oplossing."),
        ("en", "You hear from me either way; there is no fix yet, and I have noted the three points you raised."),
        ("de", "Eine Lösung ist noch nicht in Sicht; ich melde mich, sobald sie da ist."),
        ("fr", "La solution n’est pas encore prête."),
        ("it", "La chiamata di ieri mi è servita."),
        ("en", "I will make sure that you hear from me."),
        ("en", "You can count on hearing from me."),
        ("de", "Ich sorge dafür, dass Sie von mir hören."),
        ("de", "Ich stelle sicher, dass nichts verloren geht."),
        ("fr", "Je veille à ce que vous soyez tenue informée."),
        ("es", "Me aseguraré de que esté al tanto."),
        ("nl", "Ik zorg ervoor dat u op de hoogte blijft."),
        ("it", "Mi assicurerò che Lei sia informata."),
        ("en", "I want to be certain that we are working on the right thing."),
        ("en", "I will make sure the team has everything it needs to get this working."),
        ("en", "I will make sure to get back to you."),
        ("en", "Rest assured that I am following this."),
        ("fr", "Je m’engage à vous donner des nouvelles."),
        ("fr", "Nous nous engageons à vous tenir informée."),
        ("fr", "Nous ferons le nécessaire pour comprendre pourquoi l’export ne fonctionne pas."),
        ("fr", "Je vous assure de toute mon attention."),
        ("es", "Me comprometo a mantenerle informada."),
        ("es", "Haremos un seguimiento hasta que todo funcione."),
        ("nl", "Ik wil niets beloven wat ik niet kan waarmaken."),
        ("nl", "We maken dit intern duidelijk."),
        ("nl", "Wij herstellen graag uw vertrouwen en doen dit zorgvuldig."),
        ("it", "Ci impegniamo a darLe notizie regolari."),
        ("it", "L’ho passata avanti in modo che possano capire perché l’esportazione non funziona."),
        ("it", "Può contare su di noi per un aggiornamento."),
    ],
)
def test_asking_denying_and_working_are_no_promises(language, sentence):
    """A sentence that asks, denies or describes work commits to nothing."""
    assert promised(sentence, language) == []


@pytest.mark.parametrize(
    ("language", "sentence", "asked"),
    [
        ("en", "I passed on your question about a refund.", "Can we have a refund?"),
        ("de", "Ihre Frage nach einer Gutschrift habe ich weitergegeben.", "Bekommen wir eine Gutschrift?"),
        ("en", "You wrote about your money back.", "We want our money back."),
        ("en", "You asked for the month for free.", "Give us this month for free."),
        ("en", "You asked not to be charged.", "We do not want to be charged, so waive it."),
        ("de", "Sie fragen, ob Sie Ihr Geld zurück bekommen.", "Wir wollen unser Geld zurück."),
    ],
)
def test_money_back_is_spoken_of_only_after_the_customer(language, sentence, asked):
    """A concession comes up in a message only if the customer brought it up."""
    assert promised(sentence, language)
    assert promised(sentence, language, heard_from_customer(asked, language)) == []


@pytest.mark.parametrize(
    ("language", "sentence", "concession"),
    [
        ("nl", "De offerte volgt apart.", False),
        ("it", "Il bonifico non c’entra.", False),
        ("de", "Danke, dass Sie uns Ihr Vertrauen schenken.", False),
        ("fr", "Merci de nous offrir l’occasion de clarifier ce point.", False),
        ("fr", "La fonction offerte par Zebrix ne répond pas.", False),
        ("de", "Wir schenken Ihnen einen Monat.", True),
        ("de", "Die Gebühr ist geschenkt.", True),
        ("fr", "Nous vous offrons un mois.", True),
        ("fr", "Le mois de juin vous est offert.", True),
        ("es", "Le bonificaremos la factura.", True),
    ],
)
def test_a_gift_is_one_only_with_what_is_given(language, sentence, concession):
    """Trust is lent and a quote follows without any money; a month or a fee is a concession."""
    assert bool(promised(sentence, language)) is concession


DONE = (
    ("en", "The issue has been resolved."),
    ("en", "We have fixed the problem."),
    ("en", "Our engineers found the cause."),
    ("en", "The fix is being deployed now."),
    ("de", "Der Fehler ist behoben."),
    ("de", "Wir haben die Ursache gefunden."),
    ("fr", "Le problème est résolu."),
    ("es", "El problema está resuelto."),
    ("nl", "Het probleem is opgelost."),
    ("it", "Il problema è risolto."),
    ("en", "After a long night we have fixed the export."),
    ("en", "If you check now, the issue is resolved."),
    ("en", "We’ve found an error in the export."),
    ("en", "The cause has been found."),
    ("de", "Nachdem wir lange gesucht haben, ist der Fehler behoben."),
    ("fr", "Après une longue nuit, nous avons résolu le problème."),
    ("fr", "Nous avons identifié la cause."),
    ("fr", "L’export fonctionne à nouveau."),
    ("es", "Como se acordó, el problema está resuelto."),
    ("es", "Antes de nada, el problema está resuelto."),
    ("es", "Hemos encontrado la causa."),
    ("nl", "Als eerste goed nieuws, het probleem is opgelost."),
    ("nl", "Ik heb de oorzaak gevonden."),
    ("it", "Prima di tutto, il problema è risolto."),
    ("it", "Abbiamo individuato l’errore."),
)


@pytest.mark.parametrize(("language", "sentence"), DONE)
def test_a_repair_is_told_only_where_one_is_reported(language, sentence):
    """'It is fixed' is invented while the text says nothing of the kind, and news once it does."""
    thread = language if language in THREADS else "en"
    assert promised(sentence, language)
    reported = brief(thread, language=language, already_resolved=("the login, on Tuesday",))
    assert promised(sentence, language, reported) == []


@pytest.mark.parametrize(
    ("said", "reported"),
    [
        ("The export works again since noon, only the labels from Monday are missing.", True),
        ("The export has been fixed, you wrote.", True),
        ("Please tell me when the export has been fixed.", False),
        ("You say the error is fixed?", False),
        ("The export is not fixed.", False),
    ],
)
def test_a_repair_that_both_sides_read_of_is_no_news(said, reported):
    """A reading without a list of what is resolved leaves it to the text; a question there reports nothing."""
    found = promised("I am glad that the export is working again.", case=heard_from_customer(said))
    assert (not found) is reported


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "I have found the two files that you sent."),
        ("en", "We found your description very helpful."),
        ("en", "I have identified the right people."),
        ("de", "Ich habe die richtige Ansprechperson gefunden."),
        ("de", "Damit ist der erste Schritt erledigt."),
        ("fr", "J’ai trouvé votre description très utile."),
        ("es", "He encontrado su mensaje."),
        ("es", "Le informaré de lo que ya funciona y lo que no."),
        ("nl", "Ik laat u weten wat ik heb gevonden."),
        ("it", "Ho trovato la Sua descrizione."),
    ],
)
def test_finding_something_else_than_the_cause_is_no_result(language, sentence):
    """Files, people and a description are found without anything being repaired."""
    assert promised(sentence, language) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The export is not fixed yet."),
        ("en", "I do not know if it is resolved."),
        ("en", "Please tell me if it is working again on your side."),
        ("en", "I write again as soon as it is fixed."),
        ("en", "We have not found the cause yet."),
        ("de", "Der Fehler ist noch nicht behoben."),
        ("de", "Wir haben die Ursache noch nicht gefunden."),
        ("fr", "Le problème n’est pas encore résolu."),
        ("es", "El problema todavía no está resuelto."),
        ("nl", "Zodra het is opgelost, schrijf ik u."),
        ("it", "Appena il problema è risolto, Le scrivo."),
        ("en", "I hope this is resolved soon."),
        ("en", "If, in the meantime, it has been fixed, please tell me."),
        ("en", "Nothing has been fixed so far."),
        ("en", "I will tell you what has been fixed."),
        ("de", "Bisher ist nichts behoben."),
        ("fr", "Si le problème est résolu de votre côté, dites-le-moi."),
        ("es", "Avíseme si el problema está resuelto."),
        ("nl", "Ik hoop dat dit snel is opgelost."),
        ("nl", "Tot het probleem is opgelost, blijf ik uw aanspreekpunt."),
        ("it", "Mi dica se il problema è risolto."),
    ],
)
def test_a_repair_denied_or_supposed_is_none(language, sentence):
    """What is not there yet, or may be, claims no result."""
    assert promised(sentence, language) == []
