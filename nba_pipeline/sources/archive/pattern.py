"""Patterns of file names: what a name must look like, and what it says of the file.

Belongs here: translating ``{season}``, ``{date:%Y%m%d}`` and ``*`` of a manifest, and reading a
name with them. Does not belong here: what a file holds (``files``) or which patterns there are
(``manifest``). Patterns come from people: they are no regular expressions, a part of a path is
matched by itself and has at most two ``*``, so that no pattern can keep a process busy.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nba_pipeline.league.calendar import season_type_of

_MAX_LENGTH = 300
"""Longest pattern in characters; those of the known archive are under 100."""
_MAX_STARS = 2
"""``*`` in one part of a path: matching costs the square of its length at most."""

_TOKEN = re.compile(r"\{(?P<name>[a-z_]+)(?::(?P<format>[^{}]*))?\}|(?P<star>\*)|(?P<bad>[{}])")

_FIRST, _LAST = "first", "last"
_SEASONS: Mapping[str, tuple[str, ...]] = {
    "2021-22": (r"(\d{4})-(\d{2})", _FIRST, _LAST),
    "2021_22": (r"(\d{4})_(\d{2})", _FIRST, _LAST),
    "2021-2022": (r"(\d{4})-(\d{4})", _FIRST, _LAST),
    "2021_2022": (r"(\d{4})_(\d{4})", _FIRST, _LAST),
    "202122": (r"(\d{4})(\d{2})", _FIRST, _LAST),
    "21-22": (r"(\d{2})-(\d{2})", _FIRST, _LAST),
    "21_22": (r"(\d{2})_(\d{2})", _FIRST, _LAST),
    "2122": (r"(\d{2})(\d{2})", _FIRST, _LAST),
    "2021": (r"(\d{4})", _FIRST),
    "2022": (r"(\d{4})", _LAST),
}
"""How the season 2021-22 may be written: its digits, and which year they are of."""

YEARS = range(1946, 2100)
"""Years of games: from the league's first season on; anything else is another number."""

_DIGITS: Mapping[str, int] = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_YEAR: Mapping[str, str] = {"y": "Y"}
"""A year of this century by its last two digits, and the piece that it stands for."""
_DAY = ("%Y-%m-%d", {"Y", "m", "d"})
_DATES: Mapping[str, tuple[str, set[str]]] = {
    "date": _DAY, "since": _DAY, "until": _DAY, "month": ("%Y-%m", {"Y", "m"}),
}  # fmt: skip
"""Fields of dates: how they are written unless the pattern says so, and what they must have."""
FIELDS = ("season", "last_season", *_DATES, "kind", "game")


class PatternError(ValueError):
    """A pattern cannot be understood; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a file name says; None where it says nothing.

    Attributes:
        season, last_season: first years of seasons.
        month: the first day of a month.
        kind: the word for a kind of game, as written.
        game: official game id.
    """

    season: int | None = None
    last_season: int | None = None
    date: dt.date | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    month: dt.date | None = None
    kind: str | None = None
    game: str | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a path: how it looks, and which (field, piece) each group holds."""

    text: str
    regex: re.Pattern[str] | None
    groups: tuple[tuple[str, str], ...] = ()

    def fits(self, name: str) -> bool:
        """Whether a name looks so."""
        return bool(self.regex.fullmatch(name)) if self.regex else self.text == name

    def pieces(self, name: str) -> Iterator[tuple[str, str, str]]:
        """(field, piece, text) of a name that fits."""
        found = self.regex.fullmatch(name) if self.regex else None
        for number, (of, piece) in enumerate(self.groups if found else (), start=1):
            yield of, piece, str(found[number]) if found else ""


@dataclass(frozen=True)
class Pattern:
    """A path below the archive's folder with fields in it.

    Attributes:
        words: the words for kinds of games that ``{kind}`` stands for.
        fields: names of the fields in it.

    Raises:
        PatternError: not a relative path, or a field or format that is not known.
    """

    text: str
    words: tuple[str, ...] = ()
    parts: tuple[_Part, ...] = field(init=False, compare=False, repr=False)
    fields: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Translate the pattern once."""
        if not self.text or len(self.text) > _MAX_LENGTH:
            raise PatternError(f"a path has 1 to {_MAX_LENGTH} characters")
        names = self.text.split("/")
        if any(name in ("", ".", "..") for name in names) or "\\" in self.text:
            raise PatternError(f"{self.text!r} is not a plain path below the archive's folder")
        parts = tuple(_part(name, self.words) for name in names)
        groups = {group for part in parts for group in part.groups}
        for of, (_, needed) in _DATES.items():
            lacking = needed - {_YEAR.get(piece, piece) for name, piece in groups if name == of}
            if lacking and any(name == of for name, _ in groups):
                text = ", ".join(f"%{piece}" for piece in sorted(lacking))
                raise PatternError(f"{self.text!r}: {{{of}}} lacks {text}")
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "fields", frozenset(name for name, _ in groups))

    def varying(self, path: str) -> list[str]:
        """The folders of a path that fits which another path that fits may not have."""
        names = path.split("/")[:-1]
        return [name for part, name in zip(self.parts, names, strict=False) if part.regex]

    def read(self, path: str) -> Named | None:
        """What a path says, None when it does not fit or contradicts itself."""
        names = path.split("/")
        if len(names) != len(self.parts):
            return None
        both = list(zip(self.parts, names, strict=True))
        if not all(part.fits(name) for part, name in both):
            return None
        found: dict[tuple[str, str], int | str] = {}
        for of, piece, text in (p for part, name in both for p in part.pieces(name)):
            key, value = _value(of, piece, text)
            if found.setdefault(key, value) != value:
                return None
        try:
            return _named(found)
        except ValueError:  # 2024-13, or a season 2023-25: it is not the name of such a file
            return None


def _part(text: str, words: tuple[str, ...]) -> _Part:
    """A part of a path, translated; plain text needs no regular expression."""
    regex, groups, at, stars = "", [], 0, 0
    for token in _TOKEN.finditer(text):
        regex += re.escape(text[at : token.start()])
        at = token.end()
        if token["bad"]:
            raise PatternError(f"{text!r}: a {token['bad']} without its partner")
        if token["star"]:
            regex, stars = f"{regex}[^/]*", stars + 1
        else:
            piece, found = _field(token["name"], token["format"], words)
            regex += piece
            groups += [(token["name"], one) for one in found]
    if stars > _MAX_STARS or "**" in text:
        raise PatternError(f"{text!r}: at most {_MAX_STARS} times * in a part, not side by side")
    if not groups and not stars:
        return _Part(text, None)
    return _Part(text, re.compile(regex + re.escape(text[at:]), re.ASCII), tuple(groups))


def _field(name: str, style: str | None, words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Regular expression of a field, and what its groups hold."""
    if name in _DATES:
        return _date_field(name, _DATES[name][0] if style is None else style)
    if name in ("season", "last_season"):
        if (style or "2021-22") not in _SEASONS:
            raise PatternError(
                f"{{{name}:{style}}}: write the season 2021-22 as it stands in the names, one of "
                f"{', '.join(_SEASONS)}"
            )
        regex, *pieces = _SEASONS[style or "2021-22"]
        return regex, tuple(pieces)
    if name not in FIELDS:
        raise PatternError(f"no field {{{name}}}; there are {', '.join(FIELDS)}")
    if style is not None:
        raise PatternError(f"{{{name}}} has no format")
    if name == "game":
        return r"(\d{10})", ("id",)
    if not words:
        raise PatternError("{kind} needs kind_names: the words for kinds of games in the names")
    return f"({'|'.join(re.escape(w) for w in words)})", ("word",)


def _date_field(name: str, style: str) -> tuple[str, tuple[str, ...]]:
    regex, pieces, at = "", [], 0
    for token in re.finditer(r"%(.?)", style):
        if token[1] not in _DIGITS:
            raise PatternError(
                f"{{{name}:{style}}}: no {token[0]!r}; there are %{', %'.join(_DIGITS)}"
            )
        regex += f"{re.escape(style[at : token.start()])}(\\d{{{_DIGITS[token[1]]}}})"
        pieces.append(token[1])
        at = token.end()
    return regex + re.escape(style[at:]), tuple(pieces)


def _value(of: str, piece: str, text: str) -> tuple[tuple[str, str], int | str]:
    """A piece under the key by which it may not contradict another, and its value."""
    if piece == _FIRST:
        return (of, _FIRST), int(text) if len(text) == 4 else 2000 + int(text)
    if piece == _LAST and len(text) == 4:
        return (of, _FIRST), int(text) - 1
    if piece in _YEAR:
        return (of, _YEAR[piece]), f"20{text}"
    return (of, piece), text


def _named(found: Mapping[tuple[str, str], int | str]) -> Named:
    """Values of the fields; a date may be spread over several parts of a path.

    Raises:
        ValueError: no such date, season or kind of game.
    """
    game, word = found.get(("game", "id")), found.get(("kind", "word"))
    first, last = _season(found, "season"), _season(found, "last_season")
    if game is not None:
        season_type_of(str(game))
    if last is not None and (first is None or last < first):
        raise ValueError(f"seasons end with {last}, before they start")
    dates = {of: _date(found, of) for of in _DATES}
    if dates["since"] and dates["until"] and dates["since"] > dates["until"]:
        raise ValueError("dates end before they start")
    return Named(
        first, last, dates["date"], dates["since"], dates["until"], dates["month"],
        None if word is None else str(word), None if game is None else str(game),
    )  # fmt: skip


def _date(found: Mapping[tuple[str, str], int | str], of: str) -> dt.date | None:
    if (of, "Y") not in found:
        return None
    year, month, day = (int(found.get((of, piece), 1)) for piece in "Ymd")
    if year not in YEARS:
        raise ValueError(f"no year of games: {year}")
    return dt.date(year, month, day)


def _season(found: Mapping[tuple[str, str], int | str], of: str) -> int | None:
    if (of, _FIRST) not in found:
        return None
    year = int(found[of, _FIRST])
    if year not in YEARS:
        raise ValueError(f"no season of {year}")
    if (of, _LAST) in found and (year + 1 - int(found[of, _LAST])) % 100:
        raise ValueError(f"no season {year}-{found[of, _LAST]}")
    return year
