"""The lines of a text, whatever it is encoded in."""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import partial
from io import BufferedReader, TextIOWrapper

from imports_app.conf import conf
from imports_app.inputs.file_options import codec_of
from imports_app.inputs.formats import BOM
from imports_app.inputs.refusals import InputsRefused, Unreadable, refused
from imports_app.inputs.unpacking import PIECE, file_of

UTF8, UTF16 = "utf-8", "utf-16"
WORD = re.compile(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*")
MAX_WORDS, MAX_WORD = 3, 30
FEWEST_PAIRS = 5  # of bytes, to be taken for UTF-16 without a mark


class TextLines(Iterator[str]):
    """The lines with their ends; UTF-8 and UTF-16 are found by looking.

    Text that is neither, and of which nobody said what it is, is read as conf.file_encoding.

    Attributes:
        number: that of the line in hand, from 1.
        words: the first that would be others in another encoding, if it was not certain.
    """

    def __init__(self, stream: BufferedReader, encoding: str | None = None) -> None:
        head = stream.peek(PIECE)[:PIECE]
        codec = codec_of(encoding) if encoding else _found(head)
        if codec and codec.startswith(UTF16):
            stream, codec = utf16(stream, codec, head), UTF8
            self._name: str | None = encoding or UTF16
        else:
            self._name = encoding or codec
        self._codec = codec
        self._is_guess = False
        self.number = 0
        self.words: list[str] = []
        self._words_line = 0
        # Line by line: as a StringIO the text would take four times the memory. What is not UTF-8
        # is let through here, to be decoded where the line's number is known.
        self._lines = TextIOWrapper(
            stream, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )

    @property
    def encoding(self) -> str:
        """What it was read as; of plain ASCII any would do."""
        return self._name or UTF8

    @property
    def notice(self) -> str | None:
        """What is to be known of an encoding that was not certain."""
        if not self._is_guess:
            return None
        words = ", ".join(f"'{word[:MAX_WORD]}'" for word in self.words)
        return (
            f"the text is neither UTF-8 nor UTF-16 and was read as {self.encoding}: "
            f"{words} (line {self._words_line}); if that is wrong, set file_options[encoding]"
        )

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line if line.isascii() else self._decoded(line)

    def _decoded(self, line: str) -> str:
        is_utf8 = _is_clean(line)
        if self._codec is None:
            self._decide(is_utf8=is_utf8)
        if self._codec == UTF8:
            if is_utf8:
                return line
            raise self._malformed(f"has text that is not {self.encoding.upper()}")
        return self._in_codec(line)

    def _decide(self, *, is_utf8: bool) -> None:
        self._is_guess = not is_utf8
        self._name = UTF8 if is_utf8 else conf.file_encoding
        self._codec = codec_of(self._name)

    def _in_codec(self, line: str) -> str:
        try:
            text = line.encode("utf-8", "surrogateescape").decode(self._codec or UTF8)
        except UnicodeDecodeError:
            raise self._malformed(f"has text that is not {self.encoding}") from None
        if self._is_guess and len(self.words) < MAX_WORDS:
            self._words_line = self._words_line or self.number
            if self.number == self._words_line:
                self.words += WORD.findall(text)[:MAX_WORDS]
        return text

    def _malformed(self, message: str) -> InputsRefused:
        return refused("malformed", f"{message} at line {self.number}")


def utf16(stream: BufferedReader, codec: str, head: bytes) -> BufferedReader:
    """Return the text as UTF-8. Halves of pairs that stand alone become what UTF-8 doesn't know.

    A mark wins over the codec; where neither says the order of the bytes, it is looked for.
    """
    found = utf16_of(head)
    if UTF16 in (found, codec):
        codec = found or "utf-16-le"
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
    pieces = iter(partial(stream.read, PIECE), b"")
    return file_of(_transcoded(pieces, decoder))


def utf16_of(head: bytes) -> str | None:
    """Return which UTF-16 it looks like the beginning of; None for any other text."""
    codec = _found(head)
    return codec if codec and codec.startswith(UTF16) else None


def _transcoded(pieces: Iterable[bytes], decoder: codecs.IncrementalDecoder) -> Iterator[bytes]:
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise Unreadable("is UTF-16 that ends in the middle of a character") from None


def _found(head: bytes) -> str | None:
    """Return the codec that the beginning shows; None if there may be several."""
    if head.startswith(BOM):
        return UTF8
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16
    first, second = head[::2], head[1::2]
    if len(second) < FEWEST_PAIRS:
        return None
    if second.count(0) * 2 > len(second) and not first.count(0):
        return "utf-16-le"
    if first.count(0) * 2 > len(first) and not second.count(0):
        return "utf-16-be"
    return None


def _is_clean(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
