"""Wording that reading and checking share: tidy text, near matches, numbers as people write."""

from __future__ import annotations

import difflib
import heapq
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

# Soft hyphens, zero widths and marks of direction: nobody sees them, and two names differ.
_UNSEEN = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def composed(text: str) -> str:
    """The text with its accents composed (Unicode NFC): the same text, written in one way."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """The text as it is seen: accents composed (Unicode NFC), without marks that nobody sees and
    without outer spaces, every run of spaces (also hard ones) as one space."""
    seen = text if text.isascii() else _UNSEEN.sub("", composed(text))
    return " ".join(seen.split())


def unwritable(text: str) -> str | None:
    """The first character of a text that no document can hold, as U+0007; None if all can be."""
    found = _UNWRITABLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def printable(text: str) -> str:
    """The text with a mark in place of every character that no document can hold."""
    return _UNWRITABLE.sub("\ufffd", text)


# Among more names than MANY only the LIKELY first by the pieces of two letters that they share with
# a word are compared with it, which takes a thousand times as long as counting these.
MANY = 200
LIKELY = 50


def near(value: str, options: Iterable[str]) -> str | None:
    """The option that looks most like the value, in the option's spelling; None if none does. What
    says the contrary is not near, however alike it looks."""
    return _nearest(value.casefold(), tuple(options))


@lru_cache(maxsize=8)
def _nearest(word: str, options: tuple[str, ...]) -> str | None:
    known = _known(options)
    likely = known.spelling if len(known.spelling) <= MANY else known.likely(word)
    meant = sorted(bare for bare in likely if not _negates(bare, word))
    found = difflib.get_close_matches(word, meant, n=1, cutoff=0.6)
    return known.spelling[found[0]] if found else None


@dataclass(frozen=True, slots=True)
class _Known:
    """Names by their spelling without case, and where each piece of two letters stands."""

    spelling: dict[str, str]
    with_piece: dict[str, list[str]]

    def likely(self, word: str) -> list[str]:
        """The names that share most of their pieces with a word."""
        shared: Counter[str] = Counter()
        for piece in _pieces(word):
            names = self.with_piece.get(piece, ())
            if len(names) < len(self.spelling):  # what all share tells none from another
                shared.update(names)
        share = {name: own / (len(name) + len(word)) for name, own in shared.items()}
        return heapq.nlargest(LIKELY, share, key=lambda name: (share[name], name))


@lru_cache(maxsize=8)
def _known(options: tuple[str, ...]) -> _Known:
    spelling = {option.casefold(): option for option in sorted(set(options), reverse=True)}
    with_piece: dict[str, list[str]] = {}
    if len(spelling) > MANY:
        for name in spelling:
            for piece in _pieces(name):
                with_piece.setdefault(piece, []).append(name)
    return _Known(spelling, with_piece)


def _pieces(word: str) -> set[str]:
    ended = f" {word} "
    return {ended[n : n + 2] for n in range(len(ended) - 1)}


_NOT = re.compile(r"(?:un|non|not|no|anti|in)[ _-]?")


def _negates(one: str, other: str) -> bool:
    """Whether one of two words says that the other does not hold: covered and uncovered."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and bool(_NOT.fullmatch(long.removesuffix(short)))


# Letters of other scripts that look like Latin ones: first those whose capital and small letter
# look like different ones, then small letters, for themselves or for their capitals.
_BY_CASE = str.maketrans("ΝνΗηΥυ", "nvhnyu")
_LATIN = str.maketrans(
    "авсеһіјкӏмнорԛѕтуүѵԝхԁ" + "αβεζικμορτχωϲϳ" + "օսոհ" + "ıɑɡ",
    "abcehijklmhopqstyyvwxd" + "abezikmoptxwcj" + "ounh" + "iag",
)


def look_of(text: str) -> str:
    """What a name looks like, whatever its letters are: equal for names that the eye confuses."""
    plain = unicodedata.normalize("NFKC", text).translate(_BY_CASE).casefold()
    seen = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn", "Cc"))
    return seen.translate(_LATIN)


def odd_letters(text: str) -> str:
    """The letters of a name that are not what they look like, as U+0410; else those beyond ASCII,
    blank where it has none."""
    odd = [c for c in text if not c.isascii() and look_of(c).isascii()]
    found = odd or [c for c in text if not c.isascii()]
    return ", ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in found))


def looks_like(text: str, known: Iterable[str]) -> str | None:
    """The known name that a text is to the eye, though not in its letters."""
    look, own = look_of(text), text.casefold()
    if _is_plain(text):
        known = (name for name in known if not _is_plain(name))
    return next((name for name in known if look_of(name) == look and name.casefold() != own), None)


def _is_plain(name: str) -> bool:
    """Whether the look of a name is its letters."""
    return name.isascii() and name.isprintable()


def did_you_mean(value: str, options: Iterable[str], otherwise: str = "") -> str:
    """The hint with the option that the value looks like, else the nearest, else the other words
    where nothing is near."""
    options = list(options)
    alike = looks_like(value, options)
    if alike:
        return (
            f"It looks like '{alike}' but holds {odd_letters(value) or 'other letters'}: type it."
        )
    match = near(value, options)
    return f"Did you mean '{match}'?" if match else otherwise


# A name may hold a word that joins others: chips and LEDs.
_BETWEEN = (
    re.compile(r"[,;/|+&\n]"),
    re.compile(r"[,;/|+&\n]|\b(?:and|und|et)\b", re.IGNORECASE),
)


def names_in(text: str, known: Mapping[str, str]) -> list[str]:
    """The names that a text lists where each of them is known; else none. `known` are names by
    their spelling without case."""
    for between in _BETWEEN:
        parts = [tidy(part).casefold() for part in between.split(text) if part.strip()]
        if len(parts) > 1 and all(part in known for part in parts):
            return [known[part] for part in parts]
    return []


def in_plain_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def plain(value: float | int) -> str:
    """A number with every digit it has, whole numbers without a point: 2028, 0.85, 1e-07."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def rounded(value: float) -> str:
    """A number to six digits, as `plain` writes it."""
    return plain(float(f"{value:.6g}"))


def figure(value: float) -> str:
    """A limit as it can be typed: 0.85, 100000, 1e12, 1e-6."""
    digits, _, power = f"{value:.9e}".partition("e")
    short = digits.rstrip("0").rstrip(".")
    if value == 0 or 1e-3 <= abs(value) < 1e7 or (value == int(value) and len(short) > 4):
        return plain(value)
    return f"{short}e{int(power)}"


def times(ratio: float) -> str:
    """How many times as much, to three digits: 1,100,000."""
    rounded = float(f"{ratio:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def listed(values: Iterable[str]) -> str:
    """The values as a reader lists them: `a, b, c`."""
    return ", ".join(values)


def spans(years: Iterable[int]) -> list[str]:
    """Years in order as a reader writes them, those that follow each other as one span: `2026`,
    `2029-2031`."""
    found: list[list[int]] = []
    for year in years:
        if found and found[-1][1] == year - 1:
            found[-1][1] = year
        else:
            found.append([year, year])
    return [str(start) if start == end else f"{start}-{end}" for start, end in found]


_TOTAL = re.compile(
    "(sub|sous)?totals?|sums?|summen?|(gesamt|zwischen)(summe)?|insgesamt|sommes?|suma|summa|somma"
    "|soma|totale|totali|totaux|totaal|razem|yhteensa|toplam|итого|всего|сумма|合计|合計|总计|總計|小计|小計"
)
_BESIDE_TOTAL = re.compile("grand|generale?|sub|sous|all|of|the|overall|de|la")


def _tokens(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(c for c in bare if not unicodedata.combining(c)))


def is_total(text: str) -> bool:
    """Whether a name has a word for a total in it: Total, Sub-total, Total allies, Summe."""
    return any(map(_TOTAL.fullmatch, _tokens(text)))


def means_total(text: str) -> bool:
    """Whether a name says nothing but that it is a total: Total, Grand total, Total général."""
    return is_total(text) and all(
        _TOTAL.fullmatch(token) or _BESIDE_TOTAL.fullmatch(token) for token in _tokens(text)
    )
