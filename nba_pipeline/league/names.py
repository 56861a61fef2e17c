"""One spelling of a player for every source.

Belongs here: the only functions that turn a printed name into a key. Does not belong here:
aliases and unresolved names (``nba_reference``). The predecessor had three such functions; the one
that dropped suffixes broke its joins for months.
"""

from __future__ import annotations

import re
import unicodedata

_SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|v)$")
_LEADING_DIGITS = re.compile(r"^\d+")
_LETTERS = str.maketrans(
    {"ı": "i", "İ": "i", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ß": "ss",
     "æ": "ae", "Æ": "ae", "ё": "e", "Ё": "e"}
)  # fmt: skip


def player_lookup(name: str) -> str:
    """Key of a printed name: ``Luka Dončić`` is ``lukadoncic``; suffixes stay.

    Steps: NFKC, Turkish i and letters without a decomposition, accents off, casefold,
    Junior/Senior to jr/sr, only ``a-z0-9``, a vendor's leading id digits off.

    Raises:
        ValueError: nothing is left of the name.
    """
    text = unicodedata.normalize("NFKC", name).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"\bjunior\b", "jr", text)
    text = re.sub(r"\bsenior\b", "sr", text)
    key = _LEADING_DIGITS.sub("", re.sub(r"[^a-z0-9]", "", text))
    if not key:
        raise ValueError(f"no letters in player name {name!r}")
    return key


def name_key(name: str) -> str:
    """``player_lookup`` without generational suffix: sources disagree on ``Jimmy Butler III``.

    Only for matching inside one team and date; never a key of a table.
    """
    words = re.sub(r"[.,]", " ", name).split()
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1].casefold()):
        words = words[:-1]
    return player_lookup(" ".join(words))


def repair_mojibake(text: str) -> str:
    r"""Undo UTF-8 read as Latin-1 (``JokiÄ\\x87`` is ``Jokić``); other text comes back as it is."""
    if all(ord(c) < 128 for c in text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
