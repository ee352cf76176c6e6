"""Types as FEEL text writes them: `number`, `list<string>`, `context<a: number>`."""

from __future__ import annotations

from fisc.dmn.feel import syntax
from fisc.dmn.feel.cursor import Cursor

# Names of several words that types have.
_LONG_NAMES = (
    ("date", "and", "time"),
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
)


class TypeReader(Cursor):
    """Reads types."""

    def type(self) -> syntax.Type:
        with self.deeper():
            at = self.token.at
            if self.token.kind == "name" and self.ahead().is_symbol("<"):
                kind = self.advance().text
                if kind in ("list", "range"):
                    return self._items_type(kind, at)
                if kind == "context":
                    return self._context_type(at)
                if kind == "function":
                    return self._function_type(at)
                raise self.problem(f'"{kind}" takes no type in angle brackets', at=at)
            return syntax.NamedType(self._type_name(), at=at)

    def _items_type(self, kind: str, at: int) -> syntax.Type:
        self.expect("<", f'after "{kind}"')
        element = self.type()
        self.expect(">", f"to close the type of the {kind}")
        if kind == "list":
            return syntax.ListType(element, at=at)
        return syntax.RangeType(element, at=at)

    def _context_type(self, at: int) -> syntax.Type:
        self.expect("<", 'after "context"')
        members: list[tuple[str, syntax.Type]] = []
        while True:
            name = self.declared_name("of a context entry", until=(":",))
            self.expect(":", "between a name and its type")
            members.append((name, self.type()))
            if not self.take(","):
                break
        self.expect(">", "to close the type of the context")
        return syntax.ContextType(tuple(members), at=at)

    def _function_type(self, at: int) -> syntax.Type:
        self.expect("<", 'after "function"')
        parameters: list[syntax.Type] = []
        while not self.token.is_symbol(">"):
            parameters.append(self.type())
            if not self.take(","):
                break
        self.expect(">", "to close the types of the parameters")
        self.expect("->", "before the type of the result")
        return syntax.FunctionType(tuple(parameters), self.type(), at=at)

    def _type_name(self) -> str:
        for words in _LONG_NAMES:
            if all(self.ahead(i).text == word for i, word in enumerate(words)):
                self.index += len(words)
                return " ".join(words)
        # `Null` is a type and, in lower case, also a keyword.
        first = self.advance()
        if first.kind != "name":
            raise self.problem("Expected the name of a type", at=first.at)
        name = first.text
        while self.token.is_symbol(".") and self.ahead().kind == "name":
            self.advance()
            name += "." + self.advance().text
        while self.token.kind == "name" and self.token.text not in (
            "and",
            "or",
            "then",
            "else",
        ):
            name += " " + self.advance().text
        return name
