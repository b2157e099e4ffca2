"""Whose house a mail address belongs to. Two houses that cannot be told apart stay untold."""

from itertools import chain

from agent.intake.parts import Part
from agent.intake.voices import DESK, leaning
from agent.late import late
from agent.schema import OwnCompany, Side

_ADDRESSES = late(r"[^\s<>()\[\],;:@]{1,80}@(?P<domain>[^\s<>()\[\],;:@]{1,80})")
_CLEARLY = 2


def domain_of(address: str | None) -> str | None:
    return address.rpartition("@")[2].lower() if address else None


def our_domain(parts: tuple[Part, ...], told: list[Side], company: OwnCompany) -> str | None:
    """The settings', else a colleague's, a support desk's, the topmost that writes to itself, the supplier's."""
    headings = " ".join(f"{part.address or ''} {part.to or ''}" for part in parts)
    if ours := next((d for d in map(str.lower, _ADDRESSES.findall(headings)) if company.owns(d)), None):
        return ours
    if ours := next(
        (domain_of(p.address) for p, s in zip(parts, told, strict=True) if s is Side.US and p.address), None
    ):
        return ours
    desks = {match["domain"].lower() for match in DESK.finditer(headings)}
    if len(desks) == 1:
        return desks.pop()
    if len({domain_of(part.address) for part in parts} - {None}) < len(("customer", "us")):
        return None
    said: dict[str, int] = {}
    for part in parts:
        if domain := domain_of(part.address):
            said[domain] = said.get(domain, 0) + leaning(part.body)
    inward = next((d for part in parts if (d := domain_of(part.address)) and _recipients(part) == {d}), None)
    if inward:
        return inward if said[inward] >= max(said.values()) else None
    return _supplier(said)


def _supplier(said: dict[str, int]) -> str | None:
    """The one of two domains whose people clearly speak as a supplier, while the other's do not at all."""
    buyer, supplier = sorted(said, key=said.__getitem__)[:: len(said) - 1]
    clear = said[supplier] > 0 >= said[buyer] and said[supplier] - said[buyer] >= _CLEARLY
    return supplier if clear and len(said) == len(("customer", "us")) else None


def _recipients(part: Part) -> set[str]:
    return {domain.lower() for domain in _ADDRESSES.findall(part.to or "")}


def their_domains(parts: tuple[Part, ...], ours: str) -> set[str]:
    """The other domains; of several only those that we write to, or that write to us where we write to none."""
    others = {domain for part in parts if (domain := domain_of(part.address))} - {ours}
    if len(others) > 1:
        written_to = set(chain.from_iterable(_recipients(p) for p in parts if domain_of(p.address) == ours))
        writing = {domain for p in parts if (domain := domain_of(p.address)) and ours in _recipients(p)}
        others &= written_to - {ours} or writing
    return others
