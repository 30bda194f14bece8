"""Cut a filter text into what the grammar joins together, and say what is wrong with the pieces."""

from __future__ import annotations

import re

from tailrace.query.fields import ATTRIBUTE, SCORE, Field, find_field, nearest_field
from tailrace.query.tokens import Lexeme, Problem, Token, TokenKind
from tailrace.query.tree import Everything, Not, Op, Or, Term, Text, Tree
from tailrace.query.values import BadValue, in_quotes, is_ambiguous, looks_like_number, read_value, shorten, unescape

MAX_LENGTH = 20_000  # characters
MAX_TERMS = 500  # SQLite allows expressions 1,000 deep, and a chain of ANDs is as deep as it is long
MAX_DEPTH = 64  # open parentheses and negations


class _Stop(Exception):
    """The text goes past a limit; the rest is only coloured."""


# A field's name before a comparison. The key of a score or attribute may stand in quotes.
_QUOTED = r'"(?:[^"\\]++|\\.)*+"'
_HEAD = re.compile(
    rf"(?:(?P<family>score|attr)\.(?P<key>{_QUOTED}|[^\s()\":<>=!]*+)|(?P<name>[^\s()\":<>=!]++))"
    r"(?P<op>:(?:>=|<=|>|<|==?|!=)?|>=|<=|>|<|==?|!=)",
    re.IGNORECASE | re.DOTALL,
)
_KEYED = re.compile(rf"(?:score|attr)\.(?:{_QUOTED})?", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\s()\"]++")
_RUN = re.compile(r"\S{1,60}+")
_ITEM = re.compile(r"[^\s()\",]++")
_SPACE = re.compile(r"\s*+")
_INSIDE = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_OPS = {
    "": Op.EQ,
    "=": Op.EQ,
    "==": Op.EQ,
    "!=": Op.EQ,
    ">": Op.GT,
    ">=": Op.GE,
    "<": Op.LT,
    "<=": Op.LE,
}


class Lexer:
    """Reads one text once. Afterwards `lexemes`, `tokens` and `problems` hold what was found, in reading order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lexemes: list[Lexeme] = []
        self.tokens: list[Token] = []
        self.problems: list[Problem] = []
        self.field: Field | None = None  # whose values stand at the end of the text
        self.in_group = False  # the end of the text is in `field:(…`
        self._open: list[str] = []  # "(" and "-" whose operand has not ended
        self._terms = 0
        self._stopped = False

    def read(self) -> Lexer:
        """Read all of the text."""
        text, end = self.text, len(self.text)
        while True:
            self.at = _SPACE.match(text, self.at).end()  # type: ignore[union-attr]
            if self.at >= end:
                return self
            try:
                self._read_one(text[self.at])
            except _Stop:
                self._stopped = True

    def _read_one(self, first: str) -> None:
        start = self.at
        self.field = None
        if first == "(":
            self.at += 1
            self._token(TokenKind.PAREN, start)
            self._open_one("(", start)
            self._lexeme("_LPAR", start)
        elif first == ")":
            self.at += 1
            self._token(TokenKind.PAREN, start)
            while self._open and self._open.pop() != "(":
                pass
            self._close_negations()
            self._lexeme("_RPAR", start)
        elif first == '"':
            self._read_phrase()
        elif first == "-":
            self._read_minus()
        else:
            self._read_word()

    # ---- pieces ----

    def _read_minus(self) -> None:
        start, text = self.at, self.text
        following = text[start + 1 : start + 2]
        if following and not following.isspace() and following not in "-)":
            self.at += 1
            self._token(TokenKind.NEGATION, start)
            self._open_one("-", start)
            self._lexeme("_NEG", start)
            return
        whole = _WORD.match(text, start)
        self.at = whole.end() if whole else start + 1
        written = text[start : self.at]
        self._token(TokenKind.WRONG, start)
        if written == "-" and self.at == len(text):
            self._problem("write what to leave out right after “-”", start, unfinished=True)
        elif written == "-":
            self._problem(f"“-” must stand right before what it leaves out. {_as_text('-')}", start)
        else:
            self._problem(f"one “-” is enough. {_as_text(written)}", start)
        self._operand(Everything(), start)

    def _read_phrase(self) -> None:
        start = self.at
        inside = self._quoted()
        if inside is None:
            self._operand(Everything(), start)
            return
        self._token(TokenKind.PHRASE, start)
        prefix = self._star()
        self._operand(self._text(inside, True, prefix, start), start)
        self._require_gap(start)

    def _read_word(self) -> None:
        text, start = self.text, self.at
        found = _HEAD.match(text, start)
        if found is not None and self._is_term(found):
            self._read_term(found)
            return
        if found is None and self._keyed_without_value():
            return
        whole = _WORD.match(text, start)
        assert whole is not None
        self.at = whole.end()
        written = whole[0]
        if written in ("OR", "AND", "NOT"):
            self._token(TokenKind.KEYWORD, start)
            if written == "NOT":
                self._open_one("-", start)
            self._lexeme(f"_{written}", start)
            return
        stripped = written.lstrip(":<>=!")
        if stripped != written and (written[0] == ":" or not stripped or looks_like_number(stripped)):
            self._wrong_operand(
                f"“{shorten(written[: len(written) - len(stripped)])}” must stand right between a field and a value: "
                f"latency:>2s. {_as_text(written)}",
                start,
            )
            return
        prefix = written.endswith("*")
        self._token(TokenKind.WORD, start)
        self._operand(self._text(written[:-1] if prefix else written, False, prefix, start), start)
        self._require_gap(start)

    def _is_term(self, found: re.Match[str]) -> bool:
        """Whether this is a comparison, or text that has such a character in it."""
        if found["family"] is not None or found["op"].startswith(":") or find_field(found["name"]) is not None:
            return True
        rest = _WORD.match(self.text, found.end())
        return found["op"][0] in "<>" and rest is not None and looks_like_number(rest[0])

    def _keyed_without_value(self) -> bool:
        start = self.at
        found = _KEYED.match(self.text, start)
        if found is None:
            return False
        whole = _WORD.match(self.text, found.end())
        self.at = whole.end() if whole else found.end()
        written = self.text[start : self.at]
        self._token(TokenKind.FIELD, start)
        example = f"{shorten(written)}:>0.5" if written.lower().startswith(SCORE) else f"{shorten(written)}:value"
        say = f"say what it is compared with: {example}" if found.end() < self.at else _say_which(written[:-1].lower())
        self._problem(f"{say}. {_as_text(written)}", start, self.at == len(self.text))
        self._operand(Everything(), start)
        return True

    # ---- terms ----

    def _read_term(self, found: re.Match[str]) -> None:
        start, name_end = found.start(), found.start("op")
        self.at = found.end()
        field = self._field(found)
        if isinstance(field, Problem):
            rest = _WORD.match(self.text, self.at)
            self.at = rest.end() if rest else self.at
            self._token(TokenKind.WRONG, start)
            self.problems.append(field)
            self._operand(Everything(), start)
            return
        self.tokens.append(Token(TokenKind.FIELD, start, name_end))
        self.tokens.append(Token(TokenKind.OPERATOR, name_end, self.at))
        self.field = field
        sign = found["op"].removeprefix(":")
        nodes = self._values(field, _OPS[sign], start)
        node: Tree = nodes[0] if len(nodes) == 1 else Or(tuple(nodes)) if nodes else Everything()
        self._operand(Not(node) if sign == "!=" else node, start, len(nodes))
        if self.at > found.end():
            self._require_gap(start)

    def _field(self, found: re.Match[str]) -> Field | Problem:
        start, end = found.start(), found.start("op")
        family, key = found["family"], found["key"]
        if family is not None:
            key = unescape(key[1:-1]) if key.startswith('"') else key
            field = find_field(family, key) if key else None
        else:
            field = find_field(found["name"])
        if field is not None:
            return field
        rest = _WORD.match(self.text, found.end())
        written = found[0] + (rest[0] if rest else "")
        name = (family or found["name"]).lower()
        if name in (SCORE, ATTRIBUTE):
            return Problem(_say_which(name), start, end)
        name = found["name"]
        message = f"there is no field “{shorten(name)}”"
        near = nearest_field(name)
        message += f"; did you mean {near}?" if near is not None else "."
        address = rest is not None and rest[0].startswith(("//", ":"))
        if re.fullmatch(r"[A-Za-z_][\w.-]*", name) and not address:
            message += f" To look for an attribute write attr.{shorten(written)};"
            return Problem(f"{message} to look for the text write {in_quotes(shorten(written))}", start, end)
        return Problem(f"{message} {_as_text(written)}", start, end)

    def _values(self, field: Field, op: Op, start: int) -> list[Tree]:
        text = self.text
        following = text[self.at : self.at + 1]
        if not following or following.isspace() or following == ")":
            blank = not text[self.at :].strip() or following == ")"
            say = f"a value is missing after “{shorten(text[start : self.at])}”"
            example = field.help.rpartition(": ")[2] if ": " in field.help else f"{field.name}:>0.5"
            self._problem(f"{say}, as in {example}" if blank else f"{say}; leave no space before it", start, blank)
            return []
        if following == "(":
            if op is not Op.EQ:
                self.at += 1
                self._token(TokenKind.PAREN, self.at - 1)
                self._open_one("(", self.at - 1)
                self._problem(f"only one value can follow “{op}”", self.at - 1)
                return []
            return self._group(field, start)
        if op is not Op.EQ and following != '"':
            # 12,000 is one number here
            whole = _WORD.match(text, self.at)
            assert whole is not None
            return [self._value(field, op, whole[0], start)]
        whole = _WORD.match(text, self.at)
        if whole is not None and is_ambiguous(field, whole[0]):
            return [self._value(field, op, whole[0], start)]
        nodes = []
        while True:
            nodes.append(self._item(field, op, start))
            if text[self.at : self.at + 1] != ",":
                return nodes
            comma = self.at
            self.at += 1
            self._token(TokenKind.COMMA, comma)
            after = text[self.at : self.at + 1]
            if not after or after.isspace() or after in ",()":
                done = bool(text[self.at :].strip())
                self._problem("a value is missing after the comma", comma, not done)
                if after != ",":
                    return nodes

    def _group(self, field: Field, start: int) -> list[Tree]:
        """`field:(a OR b)`, the parenthesis being next."""
        text, opened = self.text, self.at
        self.at += 1
        self._token(TokenKind.PAREN, opened)
        nodes: list[Tree] = []
        wants_value = True
        while True:
            self.at = _SPACE.match(text, self.at).end()  # type: ignore[union-attr]
            here = self.at
            first = text[here : here + 1]
            if not first:
                self._problem("a “)” is missing", opened, True, end=opened + 1)
                self.in_group = True
                return nodes
            if first == ")":
                self.at += 1
                self._token(TokenKind.PAREN, here)
                if wants_value:
                    self._problem("a value is missing before “)”", here, True)
                return nodes
            word = _ITEM.match(text, here)
            if first == "," or (word is not None and word[0] == "OR"):
                self.at += 1 if first == "," else 2
                self._token(TokenKind.COMMA if first == "," else TokenKind.KEYWORD, here)
                if wants_value:
                    self._problem(f"a value is missing before “{text[here : self.at]}”", here)
                wants_value = True
            elif first == "(":
                self.at += 1
                self._token(TokenKind.WRONG, here)
                self._problem("values need no second parenthesis", here)
            elif word is not None and word[0] in ("AND", "NOT"):
                self.at += 3
                self._token(TokenKind.WRONG, here)
                self._problem(f"between values only OR can stand. {_as_value()}", here)
            else:
                if not wants_value:
                    self._problem(f"write OR between two values. {_as_value()}", here, end=here + 1)
                nodes.append(self._item(field, Op.EQ, start))
                wants_value = False

    def _item(self, field: Field, op: Op, start: int) -> Tree:
        if self.text[self.at] == '"':
            here = self.at
            inside = self._quoted()
            if inside is None:
                return Everything()
            self._token(TokenKind.PHRASE, here)
            return self._node(field, op, inside, True, self._star(), here, start)
        found = _ITEM.match(self.text, self.at)
        if found is None:
            self._problem(f"a value is missing before the comma. {_as_value()}", self.at, end=self.at + 1)
            return Everything()
        return self._value(field, op, found[0], start)

    def _value(self, field: Field, op: Op, written: str, start: int) -> Tree:
        here = self.at
        self.at += len(written)
        self._token(TokenKind.VALUE, here)
        prefix = written.endswith("*")
        return self._node(field, op, written[:-1] if prefix else written, False, prefix, here, start)

    def _node(self, field: Field, op: Op, written: str, quoted: bool, prefix: bool, here: int, start: int) -> Tree:
        """The term for one value that stands at [here, at)."""
        if field.name == "text" and op is Op.EQ:
            return self._text(written, quoted, prefix, here, start)
        if "*" in written and not quoted:
            self._problem(f"“*” can stand only at the end of a value. {_as_value()}", here)
            return Everything()
        try:
            value = read_value(field, op, written, quoted, prefix)
        except BadValue as bad:
            self._problem(bad.message, here, bad.unfinished and not quoted and self.at == len(self.text))
            return Everything()
        return Term(field, op, value, (start, self.at))

    def _text(self, words: str, phrase: bool, prefix: bool, here: int, start: int | None = None) -> Tree:
        written = self.text[here : self.at]
        if "*" in words and not phrase:
            self._problem(f"“*” can stand only at the end of a word. {_as_text(written)}", here)
        elif not words and phrase:
            self._problem("there is nothing between the quotes", here, True)
        elif not any(map(str.isalnum, words)):
            self._problem(f"“{shorten(written)}” has no letter or digit to look for", here)
        else:
            return Text(words, phrase, prefix, (here if start is None else start, self.at))
        return Everything()

    # ---- small things ----

    def _quoted(self) -> str | None:
        """What is between the quotes that begin here, unescaped; None when they do not end."""
        start, text = self.at, self.text
        end = _INSIDE.match(text, start + 1).end()  # type: ignore[union-attr]
        if text[end : end + 1] != '"':
            self.at = len(text)
            self._token(TokenKind.PHRASE, start)
            self._problem("the closing quote is missing", start, True)
            return None
        self.at = end + 1
        return unescape(text[start + 1 : end])

    def _star(self) -> bool:
        if self.text[self.at : self.at + 1] != "*":
            return False
        self.at += 1
        self._token(TokenKind.VALUE, self.at - 1)
        return True

    def _require_gap(self, start: int) -> None:
        """Things that touch would be read apart without a word: ask for the space or the quotes."""
        following = self.text[self.at : self.at + 1]
        if not following or following == ")" or following.isspace():
            return
        message = f"a space is missing before “{following}”"
        if self.text[start] != '"':
            whole = _RUN.match(self.text, start)
            assert whole is not None
            message += f". {_as_text(whole[0])}"
        self._problem(message, self.at, end=self.at + 1)

    def _open_one(self, what: str, start: int) -> None:
        self._open.append(what)
        if len(self._open) > MAX_DEPTH and not self._stopped:
            self._problem(f"more than {MAX_DEPTH} levels of parentheses and negations", start)
            raise _Stop

    def _close_negations(self) -> None:
        while self._open and self._open[-1] == "-":
            self._open.pop()

    def _wrong_operand(self, message: str, start: int) -> None:
        self._token(TokenKind.WRONG, start)
        self._problem(message, start)
        self._operand(Everything(), start)

    def _operand(self, node: Tree, start: int, terms: int = 1) -> None:
        self._close_negations()
        self._terms += terms
        if self._terms > MAX_TERMS and not self._stopped:
            self._problem(f"more than {MAX_TERMS} terms", start)
            raise _Stop
        self._lexeme("OPERAND", start, node)

    def _lexeme(self, kind: str, start: int, node: Tree | None = None) -> None:
        if self._stopped:
            return
        self.lexemes.append(Lexeme(kind, Everything() if node is None else node, start, self.at))

    def _token(self, kind: TokenKind, start: int) -> None:
        self.tokens.append(Token(kind, start, self.at))

    def _problem(self, message: str, start: int, unfinished: bool = False, end: int | None = None) -> None:
        self.problems.append(Problem(message, start, self.at if end is None else end, unfinished))


def _as_text(written: str) -> str:
    return f"To look for the text write {in_quotes(shorten(written))}"


def _say_which(family: str) -> str:
    return f"say which {'score: score.faithfulness:<0.5' if family == SCORE else 'attribute: attr.http.route:/chat'}"


def _as_value() -> str:
    return "A value with such characters goes in quotes"
