"""What can be wrong with an object of the protocol, or with a whole election."""


class InvalidObject(ValueError):  # noqa: N818 - the object is at fault, not the program
    """An object of the protocol is malformed, or a proof in it does not hold; the message says which."""


class NotInGroup(InvalidObject):
    """A group element is not in the prime-order group, or not written in its one canonical form."""


class Unsupported(InvalidObject):
    """A valid part of the protocol that this version does not read."""


class VerificationError(Exception):
    """An election archive is refused: the first event at fault (None: the file itself) and the reason."""

    def __init__(self, event: str | None, height: int | None, reason: str) -> None:
        self.event = event
        self.height = height
        self.reason = reason
        super().__init__(f"{_place(event, height)}: {reason}")

    def __reduce__(self) -> tuple[type["VerificationError"], tuple[str | None, int | None, str]]:
        return type(self), (self.event, self.height, self.reason)


def _place(event: str | None, height: int | None) -> str:
    if height is None:
        return "archive"
    return f"event {height} ({event})" if event else f"event {height}"
