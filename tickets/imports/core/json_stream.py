"""JSON documents of any size, read one member at a time."""

import io
import json
from collections.abc import Collection, Iterator
from typing import Any

CHUNK = 1 << 18
MAX_VALUE = 32 << 20


class JsonBroken(ValueError):  # noqa: N818 -- reads as what happened
    """The text stops being JSON at ``line``; what came before was good."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class JsonStream:
    """Walks documents without holding more than one member of a list.

    Lists at the top, and lists under the names ``streamed`` in a top object, are
    yielded member by member; whatever else a top object holds comes as one object at
    its end. Several documents may follow each other.
    """

    def __init__(self, text: io.TextIOBase, streamed: Collection[str]) -> None:
        self._text = text
        self._streamed = frozenset(streamed)
        self._decoder = json.JSONDecoder()
        self._buffer = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield (name of the list or ``""``, value).

        Raises
        ------
        JsonBroken
            Where the text is cut off or is not JSON.
        """
        while (character := self._peek()) != "":
            if character == "[":
                yield from (("", value) for value in self._members())
            elif character == "{":
                yield from self._object()
            else:
                raise self._broken("neither a list nor an object")

    def _object(self) -> Iterator[tuple[str, Any]]:
        self._skip(1)
        rest: dict[str, Any] = {}
        while self._peek() != "}":
            name = self._value()
            if not isinstance(name, str):
                raise self._broken("a name was expected")
            self._expect(":")
            if name in self._streamed and self._peek() == "[":
                yield from ((name, value) for value in self._members())
            else:
                rest[name] = self._value()
            if self._peek() == ",":
                self._skip(1)
            elif self._peek() != "}":
                raise self._broken("a comma was expected")
        self._skip(1)
        if rest:
            yield "", rest

    def _members(self) -> Iterator[Any]:
        self._skip(1)
        while self._peek() != "]":
            yield self._value()
            if self._peek() == ",":
                self._skip(1)
            elif self._peek() != "]":
                raise self._broken("a comma was expected")
        self._skip(1)

    def _value(self) -> Any:
        """Decode one value, reading on until it is whole."""
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError):
                    raise self._broken("nested too deeply") from None
                if len(self._buffer) - self._at > MAX_VALUE or not self._more():
                    raise self._broken("cut off or not JSON") from None
                continue
            # A number may go on in the next chunk.
            if (
                end == len(self._buffer)
                and isinstance(value, int | float)
                and self._more()
            ):
                continue
            self._skip(end - self._at)
            return value

    def _expect(self, character: str) -> None:
        if self._peek() != character:
            raise self._broken(f"“{character}” was expected")
        self._skip(1)

    def _peek(self) -> str:
        """Return the next character that is no space, without taking it."""
        while True:
            while (
                self._at < len(self._buffer)
                and self._buffer[self._at] in " \t\r\n\ufeff"
            ):
                self._skip(1)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _skip(self, count: int) -> None:
        self.line += self._buffer.count("\n", self._at, self._at + count)
        self._at += count

    def _more(self) -> bool:
        if self._ended:
            return False
        size = max(CHUNK, len(self._buffer) - self._at)
        chunk = self._text.read(size)
        self._ended = not chunk
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)

    def _broken(self, reason: str) -> JsonBroken:
        return JsonBroken(reason, self.line)
