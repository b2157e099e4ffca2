"""One case told in two languages, and a good draft for it in six: what a guard test bends in one place."""

from typing import Any

from agent.policy import load_default
from agent.schema import Ask, Brief, CustomerMessage, Draft, Message, Side, Signature, Situation
from tests.builders import grounded
from tests.decisions import decision

POLICY = load_default()
ESCALATED, HANDLED = (3, 3, 3, 3), (1, 2, 2, 1)

THREADS = {
    "en": (
        Message(
            number=1,
            side=Side.CSM_NOTE,
            author="Nora Quist (CSM)",
            body="They pay EUR 61k a year and renew on 14 September. Viktor thinks the queue worker leaks memory badly."
            " Patch is planned for Thursday.",
        ),
        Message(
            number=2,
            side=Side.US,
            author="Viktor Lund",
            to="Nora Quist",
            body="Between us: their contact Priya is always loud, ignore the shouting.",
        ),
        Message(number=3, side=Side.US, author="Nora Quist", body="Hi Priya, could you send me a file that failed?"),
        Message(
            number=4,
            side=Side.CUSTOMER,
            author="Priya Raman",
            body="The label export to Zebrix fails every morning since Monday, about 40 pallets wait and we paid EUR 900"
            " for couriers. We need it running before 22 June. When will this be fixed?",
        ),
    ),
    "de": (
        Message(
            number=1,
            side=Side.CSM_NOTE,
            author="Nora Quist (CSM)",
            body="Zahlen 61.000 EUR im Jahr, Verlängerung am 14. September. Viktor vermutet ein Speicherleck im"
            " Warteschlangendienst. Patch kommt am Donnerstag.",
        ),
        Message(
            number=2,
            side=Side.CUSTOMER,
            author="Priya Raman",
            body="Der Etikettenexport zu Zebrix bricht seit Montag jeden Morgen ab, rund 40 Paletten warten, und wir"
            " haben 900 EUR für Kuriere bezahlt. Wir brauchen ihn vor dem 22. Juni. Wann läuft er wieder?",
        ),
    ),
}
BODIES = {
    "en": "Hello Priya,\n\nthank you for describing this so clearly. The label export to Zebrix has failed every morning"
    " since Monday, about 40 pallets wait, and you paid EUR 900 for couriers. I am sorry for the trouble this causes. It"
    " is now with [OWNER]. You asked when this will be fixed: I do not know yet, but you will hear from me by [UPDATE_BY]"
    " either way, and I know you need it before 22 June.\n\nKind regards,\n[CSM]",
    "de": "Guten Tag Frau Raman,\n\nvielen Dank für Ihre klare Schilderung. Der Etikettenexport zu Zebrix bricht seit Montag"
    " jeden Morgen ab, rund 40 Paletten warten, und die Kuriere haben Sie 900 EUR gekostet. Das tut mir leid. Ihr Anliegen"
    " liegt jetzt bei [OWNER]. Wann der Export wieder läuft, kann ich Ihnen noch nicht versprechen. Sie hören bis"
    " [UPDATE_BY] in jedem Fall von mir; dass Sie ihn vor dem 22. Juni brauchen, habe ich weitergegeben.\n\n"
    "Mit freundlichen Grüßen\n[CSM]",
    "fr": "Bonjour Madame Raman,\n\nMerci pour votre message. L’export des étiquettes vers Zebrix échoue chaque matin depuis"
    " lundi et environ 40 palettes sont en attente ; je suis désolée pour cette gêne. Je travaille désormais sur ce point"
    " avec [OWNER]. Vous aurez de mes nouvelles au plus tard le [UPDATE_BY], même s’il n’y a pas encore de solution.\n\n"
    "Cordialement,\n[CSM]",
    "es": "Hola, Priya:\n\nGracias por su mensaje. La exportación de etiquetas a Zebrix falla cada mañana desde el lunes y unos"
    " 40 palés están esperando; lamento mucho las molestias. Ya estoy trabajando en ello con [OWNER]. Le escribiré a más"
    " tardar el [UPDATE_BY], aunque todavía no haya una solución. Sé que Ustedes la necesitan antes del 22 de junio.\n\n"
    "Un cordial saludo,\n[CSM]",
    "nl": "Beste Priya,\n\nDank u wel voor uw duidelijke bericht. De export van etiketten naar Zebrix mislukt sinds maandag"
    " elke ochtend en er staan ongeveer 40 pallets te wachten. Dat spijt mij. Uw vraag ligt nu bij [OWNER]. U hoort"
    " uiterlijk [UPDATE_BY] van mij, ook als er dan nog geen oplossing is. Ik weet dat U hem vóór 22 juni nodig heeft.\n\n"
    "Met vriendelijke groet,\n[CSM]",
    "it": "Buongiorno Priya,\n\ngrazie per la Sua segnalazione così chiara. L’esportazione delle etichette verso Zebrix non"
    " riesce ogni mattina da lunedì e circa 40 bancali sono fermi; mi dispiace per il disagio. Ora me ne occupo con [OWNER]."
    " Riceverà mie notizie entro [UPDATE_BY], anche se non ci sarà ancora una soluzione. So che Le serve prima del 22"
    " giugno.\n\nCordiali saluti,\n[CSM]",
}
SUBJECTS = {
    "en": "The label export: who has it now",
    "de": "Ihr Etikettenexport: wer sich jetzt kümmert",
    "fr": "Votre export d’étiquettes",
    "es": "Su exportación de etiquetas",
    "nl": "Uw export van etiketten",
    "it": "La Sua esportazione di etichette",
}
ACTION = "Find out why the label export to Zebrix stops every morning since Monday and deliver a fix or a dated plan."
DONE_WHEN = "The export has run through on two mornings, or the customer has a plan with dates."
NEXT_STEP = "Ask Priya for a file that failed and restart the export with her."


def brief(
    thread: str = "en", *, language: str | None = None, scores: tuple[int, ...] = ESCALATED, **fields: Any
) -> Brief:
    """A brief on the thread; `fields` replace the extraction's."""
    messages = THREADS[thread]
    read = grounded(scores, **{"account": "Orlenka Logistics", **fields})
    return Brief(
        situation=Situation(text="\n\n".join(m.body for m in messages), messages=messages),
        grounded=read,
        decision=decision(read, POLICY),
        language=language or thread,
        signature=Signature(name="Nora Quist", company="Lumivane"),
    )


def draft(language: str = "en", **changed: Any) -> Draft:
    """The good draft in a language; `subject`, `body`, `action`, `done_when` replace its parts, None drops one."""
    given = {
        "subject": SUBJECTS[language],
        "body": BODIES[language],
        "action": ACTION,
        "done_when": DONE_WHEN,
    } | changed
    ask = Ask(action=given["action"], done_when=given["done_when"]) if given["action"] is not None else None
    message = CustomerMessage(language=language, subject=given["subject"], body=given["body"])
    return Draft(ask=ask, next_step=given.get("next_step"), customer_message=message)


def saying(sentence: str, language: str = "en") -> Draft:
    """The good draft with one more sentence before the sign-off."""
    head, _, tail = BODIES[language].rpartition("\n\n")
    return draft(language, body=f"{head} {sentence}\n\n{tail}")
