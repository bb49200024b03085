"""Small discrete logarithms by baby steps and giant steps: how a decrypted sum becomes a count."""

from math import isqrt

from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import Element, Group


class DiscreteLog:
    """Finds n in 0..bound from g^n; √bound elements of memory, at most √bound steps for each look-up."""

    def __init__(self, group: Group, bound: int) -> None:
        self._group, self._bound = group, bound
        self._width = isqrt(bound) + 1
        self._table: dict[str, int] = {}
        element = group.identity
        for n in range(self._width):
            self._table[group.encode(element)] = n
            element = group.multiply(element, group.g)
        self._giant_step = group.invert(element)

    def of(self, element: Element) -> int:
        """Return n; raises InvalidObject when no n up to the bound fits."""
        for giant in range(self._width + 1):
            found = self._table.get(self._group.encode(element))
            if found is not None and giant * self._width + found <= self._bound:
                return giant * self._width + found
            element = self._group.multiply(element, self._giant_step)
        raise InvalidObject(f"the decryption is no count from 0 to {self._bound}")
