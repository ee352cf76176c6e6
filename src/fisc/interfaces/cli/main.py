"""The `fisc` command: finds the noun's module, runs it, and puts errors in plain words."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import psycopg
import rich.console
import typer
import typer.exceptions

from fisc.interfaces.cli import exit_codes
from fisc.plumbing import startup

# A noun is a module beside this one. It has `app`, a typer.Typer with its verbs, or, where one
# verb is enough, a function `command`. A noun whose module is not built yet is left out.
NOUNS = (
    "db",
    "tables",
    "lists",
    "day",
    "serve",
    "demonstration",
    "returns",
    "explain",
    "bill",
    "ledger",
    "documents",
    "api-keys",
    "distributions",
    "licenses",
    "letters",
    "state",
    "identifiers",
    "convert",
)

errors = rich.console.Console(stderr=True, soft_wrap=True, highlight=False)


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; no error leaves as a traceback."""
    try:
        startup.start_django()
        app = build(nouns=_wanted(arguments))
        code = app(list(arguments), prog_name="fisc", standalone_mode=False)
    except typer.exceptions.TyperException as problem:
        return _say_usage(problem)
    except (KeyboardInterrupt, typer.Abort):
        errors.print("Stopped. What was finished is kept; the same command goes on from there.")
        return exit_codes.ERROR
    except Exception as problem:
        if os.environ.get("FISC_DEBUG") == "1":
            traceback.print_exc()
        errors.print(in_plain_words(problem), markup=False, style="red")
        return exit_codes.ERROR
    return code if isinstance(code, int) else exit_codes.DONE


def _say_usage(problem: typer.exceptions.TyperException) -> int:
    """Show a mistake in the command itself; one in its words has our code 2."""
    if hasattr(problem, "show"):
        problem.show()
    else:
        errors.print(str(problem), markup=False)
    return problem.exit_code


def build(*, nouns: Sequence[str]) -> typer.Typer:
    """Put together the command with these nouns."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_options)
    for noun in nouns:
        name = f"fisc.interfaces.cli.{noun.replace('-', '_')}"
        if importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        if hasattr(module, "app"):
            app.add_typer(module.app, name=noun)
        else:
            app.command(name=noun)(module.command)
    return app


def in_plain_words(problem: BaseException) -> str:
    """Return what a person at a terminal is told of an error."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, psycopg.errors.DiskFull):
            return (
                "The disk that holds the database is full. Make room and run the same command "
                "again; nothing that was acknowledged is lost."
            )
        if type(cause).__module__.startswith("fisc."):
            return str(cause)
        cause = cause.__cause__
    return (
        f"Something went wrong that Fisc did not expect: {type(problem).__name__}: {problem}\n"
        "FISC_DEBUG=1 before the command shows where."
    )


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer gives the value by place
    if asked:
        typer.echo(f"fisc {importlib.metadata.version('fisc')}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Fisc: a city's revenue office."""


def _wanted(arguments: Sequence[str]) -> Sequence[str]:
    """Load one noun when one was named, so that a short command does not wait for all."""
    return [arguments[0]] if arguments and arguments[0] in NOUNS else NOUNS
