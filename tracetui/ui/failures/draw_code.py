"""Syntax colours: a line of Python or JavaScript as content; unknown languages stay plain."""

from collections.abc import Callable, Iterable
from functools import cache

from textual.content import Content

from tracetui.text import Safe

LONGEST = 400
"""Longer lines stay plain: minified code is no reading, and lexers need not be linear."""

_STYLES = (
    ("Token.Comment", "$quiet"),
    ("Token.Keyword", "$role-suite"),
    ("Token.Literal.String", "$outcome-passed"),
    ("Token.Literal.Number", "$role-archiver"),
    ("Token.Name.Exception", "$outcome-failed"),
    ("Token.Name.Builtin", "$role-test"),
    ("Token.Operator.Word", "$role-suite"),
)

Lexed = Iterable[tuple[object, str]]


def code_content(line: Safe, file: str) -> Content:
    """One line of code, coloured by the language of the file's name."""
    lex = _lexer(file.rpartition(".")[2].lower())
    if lex is None or len(line) > LONGEST:
        return Content(line)
    parts = [(text, _style(str(kind))) for kind, text in lex(line)]
    coloured = Content.assemble(*parts)
    return coloured if coloured.plain == line else Content(line)


@cache
def _lexer(ending: str) -> Callable[[str], Lexed] | None:
    from pygments.lexers import JavascriptLexer, PythonLexer

    known = {"py": PythonLexer, "pyx": PythonLexer}
    known |= dict.fromkeys(("js", "mjs", "cjs", "ts", "jsx", "tsx"), JavascriptLexer)
    lexer = known.get(ending)
    if lexer is None:
        return None
    get_tokens: Callable[[str], Lexed] = lexer(stripnl=False, ensurenl=False).get_tokens
    return get_tokens


@cache
def _style(kind: str) -> str:
    return next((style for prefix, style in _STYLES if kind.startswith(prefix)), "")
