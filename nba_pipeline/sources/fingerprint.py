"""A digest of the code that functions of a package rest on, told from its text.

Belongs here: which definitions are reached from a function, and their digest. Does not belong here:
which functions make the rows of a table (``lookup``), or reading one definition (``syntax``).

Nothing is imported: a code version is asked for by verbs that need no parser. Reached is what a
function names, wherever in the package it is defined: functions, constants, classes. Of a class
only those members count whose names are used somewhere in what is reached, for a call on an
argument says no more than the name; annotations say which classes there are. What else an
annotation says, comments, docstrings, layout, other definitions of a module and where a definition
lies do not count.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nba_pipeline.sources.syntax import Class, Module, Uses, class_of, read_module, uses_of

Item = tuple[str, str]
"""Module, and what is defined in it: a name, or ``Class.member``."""

_MAKING = frozenset(("__init__", "__new__", "__post_init__"))
"""Members that run when a class is called; the other special ones (``__contains__``) run without
being named."""


@dataclass
class _Links:
    """What one item leads to.

    Attributes:
        items: what it names by itself.
        classes: classes of which some members may count: named, or in an annotation.
        called: those that are named by themselves, and not only before a member.
    """

    items: set[Item] = field(default_factory=set)
    classes: set[Item] = field(default_factory=set)
    called: set[Item] = field(default_factory=set)


class Code:
    """The source of the package in the folder ``root`` (``root/nba_pipeline/...``)."""

    def __init__(self, root: Path, package: str) -> None:
        self.root = root
        self.package = package
        self._modules: dict[str, Module | None] = {}
        self._uses: dict[Item, Uses] = {}
        self._links: dict[Item, _Links] = {}
        self._classes: dict[Item, Class | None] = {}
        self._targets: dict[Item, Item | Module | None] = {}

    @cached_property
    def text_digest(self) -> str:
        """Digest of every file of the package, whatever in it counts."""
        files = sorted((self.root / self.package).rglob("*.py"))
        whole = hashlib.sha256()
        for file in files:
            whole.update(f"{file.relative_to(self.root)}\0".encode() + file.read_bytes())
        return whole.hexdigest()

    def argument(self, reference: str, keyword: str) -> str:
        """The function that a declaration hands over: ``X = layout(name, parser=read)``.

        Raises:
            ValueError: no such declaration, or it does not hand over a function by its name.
        """
        module, _, name = reference.partition(":")
        for statement in self._statements((module, name)):
            call = statement.value if isinstance(statement, ast.Assign) else None
            for given in call.keywords if isinstance(call, ast.Call) else ():
                if given.arg == keyword and isinstance(given.value, ast.Name):
                    return f"{module}:{given.value.id}"
        raise ValueError(f"{reference} declares no {keyword} by its name")

    def fingerprint(self, references: Iterable[str]) -> str:
        """Digest of all that functions (``module:name``) rest on, themselves included.

        Raises:
            ValueError: a function is not there.
        """
        uses = {item: self._used(item) for item in self._reached(references)}
        texts = {item: _digest(used.text) for item, used in uses.items()}
        parts = {
            _digest(used.text, *sorted(self._meanings(item, used, texts)))
            for item, used in uses.items()
            if used.text
        }
        return _digest(*sorted(parts))[:12]

    def reached(self, references: Iterable[str]) -> set[str]:
        """What functions rest on, as ``module:name``: the answer to "why is this date stale".

        Raises:
            ValueError: a function is not there.
        """
        return {f"{module}:{name}" for module, name in self._reached(references)}

    def _reached(self, references: Iterable[str]) -> set[Item]:
        found: set[Item] = set()
        known, attributes = _Links(), set[str]()
        waiting: set[Item] = set()
        for reference in references:
            module, _, name = reference.partition(":")
            if not self._statements((module, name)):
                raise ValueError(f"{reference} is not defined in {self.root}")
            waiting.add((module, name))
        while waiting:
            while waiting:
                item = waiting.pop()
                found.add(item)
                links = self._linked(item)
                known.classes |= links.classes
                known.called |= links.called
                attributes |= self._used(item).attributes
                waiting |= links.items - found
            for owner in list(known.classes):
                waiting |= self._members(owner, known, attributes) - found
        return found

    def _members(self, owner: Item, known: _Links, attributes: set[str]) -> set[Item]:
        """Members of a class that are used or run; its bases join the known classes."""
        found = self._class(owner)
        if found is None:
            return set()
        for name in found.bases:
            known.classes |= self._types(owner[0], name)
        special = {n for n in found.members if n.startswith("__") and n.endswith("__")}
        if owner not in known.called:
            special -= _MAKING
        used = special | (found.members.keys() & attributes)
        return {(owner[0], f"{owner[1]}.{name}") for name in used}

    def _linked(self, item: Item) -> _Links:
        if item not in self._links:
            self._links[item] = self._follow(item[0], self._used(item))
        return self._links[item]

    def _follow(self, module: str, used: Uses) -> _Links:
        found = _Links()
        for name in used.annotations:
            found.classes |= self._types(module, name)
        values = [self._target(module, name) for name in used.names]
        values += [self._target(*target) if target[1] else self._module(target[0])
                   for target in used.imports]  # fmt: skip
        for name, member in used.dotted:
            owner = self._target(module, name)
            if isinstance(owner, Module):
                values.append(self._target(owner.name, member))
            elif owner and (known := self._class(owner)) and member in known.members:
                found.classes.add(owner)
            else:
                values.append(owner)
        for value in values:
            if isinstance(value, Module):  # handed on as a whole: everything in it may be used
                found.items |= {(value.name, name) for name in value.definitions}
            elif value:
                found.items.add(value)
        found.called = {i for i in found.items if self._class(i)}
        found.classes |= found.called
        return found

    def _meanings(self, item: Item, used: Uses, texts: dict[Item, str]) -> Iterator[str]:
        """What each name in an item stands for, so that another function of its name tells."""
        for name in {*used.names, *(first for first, _ in used.dotted)}:
            target = self._target(item[0], name)
            if isinstance(target, tuple):
                yield f"{name}={texts.get(target, '')}"
            elif target is None and name in self._imports(item[0]):
                yield f"{name}={'.'.join(self._imports(item[0])[name])}"

    # modules

    def _module(self, name: str) -> Module | None:
        """A module of the package, None of another one."""
        if name not in self._modules:
            parts = name.split(".")
            path = self.root.joinpath(*parts)
            files = (path.with_suffix(".py"), path / "__init__.py")
            file = next((f for f in files if parts[0] == self.package and f.is_file()), None)
            self._modules[name] = read_module(name, file) if file else None
        return self._modules[name]

    def _imports(self, module: str) -> dict[str, tuple[str, str]]:
        found = self._module(module)
        return found.imports if found else {}

    def _target(self, module: str, name: str) -> Item | Module | None:
        """What a name in a module stands for; None of what the package does not define."""
        key = (module, name)
        if key not in self._targets:
            self._targets[key] = self._find(module, name)
        return self._targets[key]

    def _find(self, module: str, name: str) -> Item | Module | None:
        found = self._module(module)
        if found is None or name in found.definitions:
            return (module, name) if found else None
        if name not in found.imports:
            return self._module(f"{module}.{name}") if found.is_package else None
        origin, original = found.imports[name]
        return self._target(origin, original) if original else self._module(origin)

    def _statements(self, item: Item) -> list[ast.stmt]:
        module, (name, _, member) = self._module(item[0]), item[1].partition(".")
        if member:
            owner = self._class((item[0], name))
            return owner.members[member] if owner else []
        return module.definitions.get(name, []) if module else []

    def _used(self, item: Item) -> Uses:
        if item not in self._uses:
            self._uses[item] = uses_of(self._statements(item), without_body=True)
        return self._uses[item]

    def _class(self, item: Item) -> Class | None:
        if item not in self._classes:
            nodes = [s for s in self._statements(item) if isinstance(s, ast.ClassDef)]
            self._classes[item] = class_of(nodes[0]) if nodes else None
        return self._classes[item]

    def _types(self, module: str, name: str) -> set[Item]:
        """Classes that a name in an annotation means, through names of types."""
        found: set[Item] = set()
        waiting, seen = [(module, name)], set()
        while waiting:
            here = waiting.pop()
            target = self._target(*here)
            if not isinstance(target, tuple) or target in seen:
                continue
            seen.add(target)
            if self._class(target):
                found.add(target)
            else:
                waiting += [(target[0], n) for n in self._used(target).names]
        return found


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
