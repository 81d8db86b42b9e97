"""`tracetui help`: the pages of documentation, in the terminal."""

import sys
from pathlib import Path

import click

DOCS = Path(__file__).parents[1] / "docs"
WIDEST = 120


@click.command("help")
@click.argument("subject", default="")
def help_(subject: str) -> None:
    """Show a page of documentation, or list them all."""
    from tracetui.errors import InputError, suggestion

    if not subject:
        _list()
    elif (known := subjects()).get(subject) is None:
        raise InputError(f"no page on {subject} ({suggestion(subject, known)})")
    else:
        _show((DOCS / f"{subject}.md").read_text("utf-8"))


def subjects() -> dict[str, str]:
    """The title of each page, by its subject."""
    pages = sorted(DOCS.glob("*.md"))
    return {page.stem: page.read_text("utf-8").partition("\n")[0].removeprefix("# ") for page in pages}


def _list() -> None:
    titles = subjects()
    widest = max(map(len, titles))
    for subject, title in titles.items():
        click.echo(f"{subject.ljust(widest)}  {title}")
    click.echo("\ntracetui help SUBJECT shows one; tracetui COMMAND --help has its options.")


def _show(page: str) -> None:
    """Render and page it on a terminal; print it unchanged elsewhere."""
    if not sys.stdout.isatty():
        click.echo(page, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=min(WIDEST, Console().width))
    with console.capture() as captured:
        console.print(Markdown(page, hyperlinks=False))
    click.echo_via_pager(captured.get(), color=True)
