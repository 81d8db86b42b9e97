"""`tracetui completion`: shell completion of commands and options."""

import os
from collections.abc import Sequence

import click

VARIABLE = "_TRACETUI_COMPLETE"
"""Set by the shell to ask for completions: `bash_complete`, `zsh_complete` or `fish_complete`."""
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion of commands and options for a shell.

    For bash, in ~/.bashrc: eval "$(tracetui completion bash)"
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(context.find_root().command, {}, "tracetui", VARIABLE).source())


def completed(command: click.Command, arguments: Sequence[str]) -> int | None:
    """Answer a shell's completion request; the exit code, or None if there is no request."""
    asked = os.environ.get(VARIABLE)
    if not asked or arguments:
        return None
    from click.shell_completion import shell_complete

    return shell_complete(command, {}, "tracetui", VARIABLE, asked)
