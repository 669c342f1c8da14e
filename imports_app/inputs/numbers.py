"""Numbers that readers of JSON refuse: Python those of thousands of digits, others 1e999.

One of them, stored, would spoil every answer that it is in. Texts are scanned, not decoded: a look
that costs next to nothing finds what may be such a number, and only then strings are told apart.
"""

import re
from collections.abc import Iterator
from functools import cache

from imports_app.conf import conf

DIGITS = b"0123456789"
STEP = 16  # of a run of digits one in so many is looked at
# Digits and the point as 0, other characters as they are.
RUNS = bytes.maketrans(DIGITS + b".", b"0" * 11)
# For exponents: E as e, the signs as one.
EXPONENTS = bytes.maketrans(DIGITS + b".E-", b"0" * 11 + b"e+")
BIG_EXPONENTS = (b"0e000", b"0e+000")  # of three digits or more
BEFORE_A_NUMBER = b"[:, \t\r\n"
MANY_DIGITS = 200  # more than a number with an exponent may have before the point
MANTISSA = 24  # digits that are looked at for where a number begins
PIECE = 1024 * 1024  # bytes
OVERLAP = 8  # so that no exponent is cut in two
MAX_PLACES = 10_000  # then the thorough look is the quicker one

STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
ANY_NUMBER = rb"-?[0-9][-+0-9.eE]*+"
# What can be read by anybody: so many digits before the point, so many behind it; and with an
# exponent what a float can hold, by the number of digits before the point. Of a zero a float holds
# any exponent, but not so a decimal: three digits will do. What is most frequent comes first, and
# nothing is gone back to: a body may be numbers and nothing else.
FRACTION = rb"(?: \.[0-9]{1,%(digits)d}+ )?+"
END = rb"(?! [-+0-9.eE] )"
NEGATIVE = rb"- 0*+ (?: [12][0-9]{2} | 3 (?: [01][0-9] | 2[0-4] ) | [0-9]{0,2}+ )"
SOUND_NUMBER = rb"""
    -?+ (?:
        0 (?: \.0{1,%%(digits)d}+ )?+ (?: [eE] [-+]?+ 0*+ [0-9]{0,3}+ )?+ %(end)b
      | [0-9] %(fraction)b (?: [eE] (?:
            %(negative)b | \+?+ 0*+ (?: [12][0-9]{2} | 30[0-7] | [0-9]{0,2}+ ) ) )?+ %(end)b
      | 1 (?: \. (?: [0-6][0-9]{0,%%(digits)d} | 7 | 7[0-8][0-9]{0,%%(digits)d} | 79
                  | 79[0-6][0-9]{0,%%(digits)d} | 7976931348623157 ) )? [eE] \+? 0*+ 308 %(end)b
      | [0-9]{1,%%(short)d}+ %(fraction)b (?: [eE] (?:
            %(negative)b | \+?+ 0*+ (?: [12][0-9]{2} | [0-9]{0,2}+ ) ) )?+ %(end)b
      | [0-9]{1,200}+ %(fraction)b [eE] [-+]?+ 0*+ [0-9]{0,2}+ %(end)b
      | [0-9]{1,%%(digits)d}+ %(fraction)b %(end)b
    )
""" % {b"fraction": FRACTION, b"end": END, b"negative": NEGATIVE}


def number_fault(text: bytes) -> str | None:
    """Return what is wrong with a number in the valid JSON text; None if all can be read by
    anybody.
    """
    if not (_may_be_long(text) or _may_be_huge(text)):
        return None
    sound = _sound(conf.max_digits).match(text)
    end = sound.end() if sound else 0
    if end == len(text):
        return None
    return _is_too_long(text[end:]) or "has a number that is out of range"


def readable(text: bytes) -> bytes:
    """Return the JSON text with numbers of too many digits as strings, for readers that refuse
    them.
    """
    if not _may_be_long(text):
        return text
    return re.sub(rb"%b|(%b)" % (STRING, ANY_NUMBER), _as_string, text, flags=re.DOTALL)


def _as_string(found: "re.Match[bytes]") -> bytes:
    return b'"%s"' % found[0] if found[1] and _is_too_long(found[1]) else found[0]


def _may_be_long(text: bytes) -> bool:
    """Return whether there may be a run of more digits than a number, with an exponent or
    without, has.
    """
    shortest = min(conf.max_digits, MANY_DIGITS) + 1
    step = max(1, min(STEP, shortest // 2))
    return b"0" * (shortest // step) in text[::step].translate(RUNS)


def _may_be_huge(text: bytes) -> bool:
    """Return whether there may be a number with an exponent beyond those of floats.

    Digits and an `e` stand in many ids, too, but hardly ever behind what goes before a number.
    """
    for count, place in enumerate(_places(text)):
        before = text[max(0, place - MANTISSA) : place + 1].rstrip(DIGITS + b".-")
        if not before or before[-1] in BEFORE_A_NUMBER or count == MAX_PLACES:
            return True
    return False


def _places(text: bytes) -> Iterator[int]:
    """Yield where a digit stands before such an exponent. Never more than a piece is copied.

    From the end of a piece, which takes half as long as from its beginning.
    """
    for start in range(0, len(text), PIECE):
        plain = text[start : start + PIECE + OVERLAP].translate(EXPONENTS)
        for mark in BIG_EXPONENTS:
            place = plain.rfind(mark)
            while place >= 0:
                yield start + place
                place = plain.rfind(mark, 0, place + len(mark) - 1)


def _is_too_long(text: bytes) -> str | None:
    """Return what is wrong with the number that the text begins with, if it has too many digits."""
    digits = re.match(rb"-?([0-9]*+)\.?([0-9]*+)", text)
    if digits is None or max(map(len, digits.groups())) <= conf.max_digits:
        return None
    return f"has a number of more than {conf.max_digits} digits"


@cache
def _sound(max_digits: int) -> "re.Pattern[bytes]":
    """Match JSON text as far as its numbers can be read by anybody; linear in its length."""
    number = SOUND_NUMBER % {b"digits": max_digits, b"short": min(8, max_digits)}
    sound = rb"(?: [^-\"0-9]*+ (?: %b | %b ) )*+ [^-\"0-9]*+" % (number, STRING)
    return re.compile(sound, re.DOTALL | re.VERBOSE)
