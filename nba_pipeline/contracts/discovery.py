"""Finding what the modules of a package declare, each name once.

Belongs here: the way from a package to its declarations, so that a new one edits no list. Does not
belong here: what a declaration is, or in which order declarations are used.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Protocol, TypeVar


class Named(Protocol):
    """Anything that is declared under a name."""

    @property
    def name(self) -> str:
        """The name, which no other declaration may have."""


T = TypeVar("T", bound=Named)


class DeclaredTwiceError(Exception):
    """A name has two declarations; the message names both modules."""


def declared(package: ModuleType, kind: type[T]) -> dict[str, T]:
    """Every declaration of ``kind`` in the modules of a package, by name.

    A module declares what stands in one of its public names, alone or in a tuple of its kind.
    Modules come in the order of their names, declarations in the order in which they are written.

    Raises:
        DeclaredTwiceError: two declarations of one name.
    """
    found: dict[str, tuple[T, str]] = {}
    for module in _modules(package):
        for one in _of_module(module, kind):
            known, where = found.setdefault(one.name, (one, module.__name__))
            if known is not one:
                raise DeclaredTwiceError(
                    f"{kind.__name__} {one.name!r} is declared in {where} and in {module.__name__}"
                )
    return {name: one for name, (one, _) in found.items()}


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    yield from (importlib.import_module(f"{package.__name__}.{name}") for name in names)


def _of_module(module: ModuleType, kind: type[T]) -> Iterator[T]:
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        if isinstance(value, kind):
            yield value
        elif isinstance(value, tuple) and value and all(isinstance(v, kind) for v in value):
            yield from value
