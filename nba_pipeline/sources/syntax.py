"""Modules of a package as syntax trees: what is defined in one, and what a definition uses.

Belongs here: reading a file, and one definition in it. Does not belong here: following names to
other modules (``fingerprint``). Nothing is imported or run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NO_MEANING = frozenset(("ctx", "kind", "type_comment", "type_ignores", "simple"))
"""Fields of nodes that say nothing that another field does not say."""


@dataclass
class Module:
    """A module of the package.

    Attributes:
        definitions: the statements that define a name at the top of the module, or change it there.
        imports: where an imported name comes from: module and name, or a module and nothing.
    """

    name: str
    is_package: bool = False
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Class:
    """A class: names in its bases, and its statements by the name that each defines."""

    bases: list[str]
    members: dict[str, list[ast.stmt]] = field(default_factory=dict)


@dataclass
class Uses:
    """A definition as text without layout, comments and annotations, and the names in it.

    Attributes:
        names: names that are not its own, used as they are.
        dotted: such a name, and the attribute that is taken of it.
        attributes: every attribute that is taken of anything.
        annotations: names in annotations, its own and those of its arguments.
        imports: what it imports itself: module and name.
    """

    text: str = ""
    names: set[str] = field(default_factory=set)
    dotted: set[tuple[str, str]] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    annotations: set[str] = field(default_factory=set)
    imports: set[tuple[str, str]] = field(default_factory=set)


def read_module(name: str, path: Path) -> Module:
    """A module from its file.

    Raises:
        SyntaxError: the file is no Python.
    """
    found = Module(name, path.name == "__init__.py")
    _add(found, ast.parse(path.read_bytes(), str(path)).body)
    return found


def _add(found: Module, body: Iterable[ast.stmt]) -> None:
    changes = []
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found.imports |= dict(_imported(statement))
            continue
        imports = dict(_imported_in(statement))
        found.imports |= imports
        names = _stored(statement) - imports.keys()
        for name in names:
            found.definitions.setdefault(name, []).append(statement)
        if not names:
            changes.append(statement)
    for statement in changes:
        # X.update(...), X[...] = ..., if X: raise: whoever uses X rests on it too
        for name in {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}:
            if name in found.definitions:
                found.definitions[name].append(statement)


def _imported_in(statement: ast.stmt) -> Iterator[tuple[str, tuple[str, str]]]:
    """Imports in a branch at the top of a module (``if TYPE_CHECKING:``)."""
    if isinstance(statement, ast.If | ast.Try | ast.With):
        for node in ast.walk(statement):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from _imported(node)


def class_of(node: ast.ClassDef) -> Class:
    """A class from its statement."""
    names = (n for base in node.bases for n in ast.walk(base))
    found = Class([n.id for n in names if isinstance(n, ast.Name)])
    for statement in node.body:
        for name in _stored(statement):
            found.members.setdefault(name, []).append(statement)
    return found


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, tuple[str, str]]]:
    if isinstance(node, ast.Import):
        for one in node.names:
            whole = one.name if one.asname else one.name.partition(".")[0]
            yield one.asname or whole, (whole, "")
    elif node.level or node.module is None:
        raise SyntaxError(f"line {node.lineno}: a relative import cannot be followed")
    else:
        for one in node.names:
            yield one.asname or one.name, (node.module, one.name)


def uses_of(statements: Iterable[ast.stmt], *, without_body: bool = False) -> Uses:
    """What the statements of one definition use; of a class perhaps only its head and values."""
    reader = _Reader()
    for statement in statements:
        if without_body and isinstance(statement, ast.ClassDef):
            reader.head(statement)
        else:
            reader.visit(statement, frozenset())
    reader.found.text = " ".join(reader.words)
    return reader.found


class _Reader:
    """Walks a definition once, for its text and its names together."""

    def __init__(self) -> None:
        self.found = Uses()
        self.words: list[str] = []

    def visit(self, node: ast.AST, bound: frozenset[str]) -> None:
        """Add a node; ``bound`` are the names that are the definition's own where it stands."""
        kind = type(node)
        if kind is ast.Expr and isinstance(node.value, ast.Constant):  # type: ignore[attr-defined]
            return  # a docstring
        self.words.append(kind.__name__)
        if isinstance(node, ast.Name):
            self.words.append(node.id)
            if node.id not in bound and isinstance(node.ctx, ast.Load):
                self.found.names.add(node.id)
        elif isinstance(node, ast.Attribute):
            self._attribute(node, bound)
        elif isinstance(node, (*_FUNCTIONS, ast.Lambda)):
            self._function(node, bound)
        elif isinstance(node, _COMPREHENSIONS):
            self._comprehension(node, bound)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.found.imports |= {target for _, target in _imported(node)}
            self._fields(node, bound)
        else:
            self._fields(node, bound)

    def head(self, node: ast.ClassDef) -> None:
        """Add a class without its methods: bases, decorators and the values of its fields."""
        self.words += [type(node).__name__, node.name]
        values = [s for s in node.body if not isinstance(s, _FUNCTIONS)]
        for part in (*node.decorator_list, *node.bases, *node.keywords, *values):
            self.visit(part, frozenset())

    def _fields(self, node: ast.AST, bound: frozenset[str]) -> None:
        for name in node._fields:
            if name in _NO_MEANING:
                continue
            value = getattr(node, name, None)
            if name in ("annotation", "returns"):
                self._annotation(value)
            elif isinstance(value, ast.AST):
                self.visit(value, bound)
            elif isinstance(value, list):
                if value:
                    self.words.append(f"{name}[")
                    for one in value:
                        if isinstance(one, ast.AST):
                            self.visit(one, bound)
                        else:
                            self.words.append(repr(one))
                    self.words.append("]")
            elif value is not None or isinstance(node, ast.Constant):
                self.words.append(repr(value))

    def _attribute(self, node: ast.Attribute, bound: frozenset[str]) -> None:
        self.words.append(node.attr)
        self.found.attributes.add(node.attr)
        if isinstance(node.value, ast.Name) and node.value.id not in bound:
            self.words.append(node.value.id)
            self.found.dotted.add((node.value.id, node.attr))
        else:
            self.visit(node.value, bound)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, bound: frozenset[str]
    ) -> None:
        """Decorators and defaults stand outside, all else knows the function's own names."""
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        every += [a for a in (given.vararg, given.kwarg) if a]
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        own = {a.arg for a in every} | _stored(*body)
        if not isinstance(node, ast.Lambda):
            self.words.append(node.name)
            self._annotation(node.returns)
            for decorator in node.decorator_list:
                self.visit(decorator, bound)
        for argument in every:
            self._annotation(argument.annotation)
        for default in (*given.defaults, *(d for d in given.kw_defaults if d)):
            self.visit(default, bound)
        self.words.append(_signature(given))
        for part in body:
            self.visit(part, bound | own)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        bound: frozenset[str],
    ) -> None:  # fmt: skip
        """What is gone through first stands outside."""
        first, *_ = node.generators
        self.visit(first.iter, bound)
        inside = bound | _stored(*(g.target for g in node.generators))
        for number, one in enumerate(node.generators):
            parts = (one.target, *([one.iter] if number else []), *one.ifs)
            self.words.append(f"for{one.is_async}")
            for part in parts:
                self.visit(part, inside)
        results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for result in results:
            self.visit(result, inside)

    def _annotation(self, node: ast.AST | None) -> None:
        if node is not None:
            self.found.annotations |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _signature(given: ast.arguments) -> str:
    """Names of arguments, by kind, and how many of them have defaults."""
    kinds = [[a.arg for a in kind] for kind in (given.posonlyargs, given.args, given.kwonlyargs)]
    rest = [a.arg if a else "" for a in (given.vararg, given.kwarg)]
    return f"{kinds}{rest}{len(given.defaults)}{[d is not None for d in given.kw_defaults]}"


def _stored(*nodes: ast.AST) -> set[str]:
    """Names that nodes give a value in their own scope; not those of functions in it."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                found.add(node.id)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {name for name, _ in _imported(node)}
        elif isinstance(node, _COMPREHENSIONS):
            # a walrus in it gives its value to whoever stands outside
            walruses = (n.target for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
            found |= {t.id for t in walruses}
        elif not isinstance(node, ast.Lambda | ast.Constant):
            if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
                found.add(node.name)
            elif isinstance(node, ast.MatchMapping) and node.rest:
                found.add(node.rest)
            waiting += _children(node)
    return found


def _children(node: ast.AST) -> list[ast.AST]:
    """Nodes right under a node; ``ast.iter_child_nodes`` takes twice the time."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [v for v in value if isinstance(v, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found
