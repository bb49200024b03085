"""The groups of Belenios: Ed25519's prime-order subgroup, and the prime-field group BELENIOS-2048.

Multiplicative notation in both: `power` is the scalar multiplication of the curve. Elements are opaque to
callers (bytes in RFC 8032 encoding, or a gmpy2 integer); only `decode`, `base_power` and products make them.
"""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final

import gmpy2

from unionapp.crypto.belenios import libsodium
from unionapp.crypto.belenios.errors import InvalidObject, NotInGroup, Unsupported

Element = Any  # bytes or gmpy2.mpz, by the group; callers do not look inside

_SCALAR: Final = re.compile(r"0|[1-9][0-9]{0,616}", re.ASCII)
_POINT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FIELD_ELEMENT: Final = re.compile(r"[1-9][0-9]{0,616}", re.ASCII)


class Group(ABC):
    """A cyclic group of prime order `q` with generator `g`."""

    name: str
    q: int
    g: Element
    identity: Element

    def __init__(self) -> None:
        self._shifts: dict[int, Element] = {}

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return group_named, (self.name,)

    @abstractmethod
    def power(self, element: Element, exponent: int) -> Element:
        """`element` to the power `exponent`; raises NotInGroup when the element is outside the group."""

    @abstractmethod
    def base_power(self, exponent: int) -> Element:
        """Return the generator to the power `exponent`."""

    @abstractmethod
    def multiply(self, left: Element, right: Element) -> Element:
        """Return the product of two elements."""

    @abstractmethod
    def invert(self, element: Element) -> Element:
        """Return the element whose product with `element` is the identity."""

    @abstractmethod
    def encode(self, element: Element) -> str:
        """Return the one way to write `element` in the protocol's JSON and hashes."""

    @abstractmethod
    def decode_form(self, text: object) -> Element:
        """Read an element other than the identity, whose membership the first `power` proves or refuses.

        Raises NotInGroup for a wrong form and for the identity. Only for an element that is certainly raised
        to a power afterwards.
        """

    @abstractmethod
    def is_member(self, element: Element) -> bool:
        """Whether a decoded form is in the prime-order group and written canonically."""

    @property
    @abstractmethod
    def identity_text(self) -> str:
        """Return how the identity is written."""

    def decode(self, text: object, *, identity: bool = False) -> Element:
        """Read an element strictly, membership checked; `identity` says whether the identity is allowed.

        Raises NotInGroup.
        """
        if identity and text == self.identity_text:
            return self.identity
        element = self.decode_form(text)
        if not self.is_member(element):
            raise NotInGroup(f"a group element is not in {self.name}")
        return element

    def shift(self, message: int) -> Element:
        """Return g to the power −message; kept, because messages are few and small."""
        if message not in self._shifts:
            self._shifts[message] = self.base_power(-message)
        return self._shifts[message]

    def product(self, elements: Iterable[Element]) -> Element:
        """Return the product of all elements; the identity when there is none."""
        total = None
        for element in elements:
            total = element if total is None else self.multiply(total, element)
        return self.identity if total is None else total

    def scalar(self, text: object) -> int:
        """Read an exponent: decimal digits in a string, no leading zeros, below q. Raises InvalidObject."""
        if not isinstance(text, str) or not _SCALAR.fullmatch(text):
            raise InvalidObject("a number is not written as decimal digits in a string")
        value = int(text)
        if value >= self.q:
            raise InvalidObject("a number is not below the order of the group")
        return value

    def challenge(self, prefix: str, elements: Iterable[Element]) -> int:
        """Hash a prefix and elements to an exponent: SHA-256, big-endian, modulo q."""
        text = prefix + ",".join(map(self.encode, elements))
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.q


class Ed25519(Group):
    """The prime-order subgroup of edwards25519, through libsodium; written as reversed RFC 8032 bytes in hex.

    libsodium refuses the exponent 0 and the identity, so both are answered here; its variable-base
    multiplication refuses every operand that is not canonical or not in the subgroup, which spares a check.
    """

    name = "Ed25519"
    q = 2**252 + 27742317777372353535851937790883648493
    identity = b"\x01" + bytes(31)
    identity_text = bytes(31).hex() + "01"

    def __init__(self) -> None:
        super().__init__()
        self.g = self.base_power(1)

    def power(self, element: Element, exponent: int) -> Element:
        exponent %= self.q
        if element == self.identity:
            return element
        if not exponent:
            if not self.is_member(element):
                raise NotInGroup("a group element is not in Ed25519")
            return self.identity
        return libsodium.multiply_point(exponent.to_bytes(32, "little"), element)

    def base_power(self, exponent: int) -> Element:
        exponent %= self.q
        if not exponent:
            return self.identity
        return libsodium.multiply_base(exponent.to_bytes(32, "little"))

    def multiply(self, left: Element, right: Element) -> Element:
        return libsodium.add(left, right)

    def invert(self, element: Element) -> Element:
        return libsodium.subtract(self.identity, element)

    def encode(self, element: Element) -> str:
        return str(element[::-1].hex())

    def decode_form(self, text: object) -> Element:
        if not isinstance(text, str) or not _POINT.fullmatch(text):
            raise NotInGroup("a group element is not written as 64 hexadecimal digits")
        if text == self.identity_text:
            raise NotInGroup("a group element is the identity")
        return bytes.fromhex(text)[::-1]

    def is_member(self, element: Element) -> bool:
        return bool(element == self.identity or libsodium.is_valid_point(element))


class PrimeField(Group):
    """A subgroup of prime order q of the numbers modulo a prime p, written in decimal."""

    def __init__(self, name: str, p: int, q: int, g: int) -> None:
        super().__init__()
        self.name, self.q = name, q
        self._p = gmpy2.mpz(p)
        self.g = gmpy2.mpz(g)
        self.identity = gmpy2.mpz(1)

    @property
    def identity_text(self) -> str:
        return "1"

    def power(self, element: Element, exponent: int) -> Element:
        return gmpy2.powmod(element, exponent % self.q, self._p)

    def base_power(self, exponent: int) -> Element:
        return self.power(self.g, exponent)

    def multiply(self, left: Element, right: Element) -> Element:
        return left * right % self._p

    def invert(self, element: Element) -> Element:
        return gmpy2.invert(element, self._p)

    def encode(self, element: Element) -> str:
        return str(element)

    def decode_form(self, text: object) -> Element:
        """Read an element; the power function of a field proves nothing, so membership is checked here."""
        if not isinstance(text, str) or not _FIELD_ELEMENT.fullmatch(text):
            raise NotInGroup("a group element is not written as decimal digits")
        if text == self.identity_text:
            raise NotInGroup("a group element is the identity")
        element = gmpy2.mpz(text)
        if not self.is_member(element):
            raise NotInGroup(f"a group element is not in {self.name}")
        return element

    def decode(self, text: object, *, identity: bool = False) -> Element:
        return self.identity if identity and text == self.identity_text else self.decode_form(text)

    def is_member(self, element: Element) -> bool:
        return bool(0 < element < self._p and gmpy2.powmod(element, self.q, self._p) == 1)


ED25519: Final = Ed25519()

# Constants of upstream's specification, section "Finite fields".
BELENIOS_2048: Final = PrimeField(
    "BELENIOS-2048",
    p=int(
        "206947856914225464010136436575050080649229892957511040971008847870573742192427174019222372544976"
        "843381290666331380789584049600543896362897963930387739057228036059737494276713767776188985898727"
        "358650490811670993105358677809800307904916540637771737641986785272734744763418356000356983051931"
        "442845617019110007867373073335641239717328979132404745788344682606523279746479511376726586935821"
        "800463179220736688600526271863633860887968821207694323661494910029234443463732221458841005864210"
        "502421203654335612013204811188524087310770141516662001623131771693721892480785077118278423174980"
        "73276598828825169183103125680162072880719"
    ),
    q=78571733251071885079927659812671450121821421258408794611510081919805623223441,
    g=int(
        "240235267750185220922768770353239993271228765737836491651007531878766327414635321932028567615526"
        "967879969466829874938909508389657342560190060106847716449173547413728310461045868131451178164675"
        "540052740288984613986453266121505579709716201616827031288643245666383486363578210615491841998253"
        "431518974065818686865115135857641013888221539601604322884360393098933366277284840659313840601023"
        "167509576377798266510360682240663507669776402534625377308513317349519424896775405257365904949247"
        "763147599157519877517771148149092045660020547812705472823814097251863985833411570056835369555342"
        "3781475582491896050296680037745308460627"
    ),
)

_GROUPS: Final[dict[str, Group]] = {group.name: group for group in (ED25519, BELENIOS_2048)}


def group_named(name: object) -> Group:
    """Return the group of an election file; raises Unsupported for every other name."""
    if not isinstance(name, str) or name not in _GROUPS:
        raise Unsupported(f"this version does not read the group {str(name)[:40]!r}")
    return _GROUPS[name]
