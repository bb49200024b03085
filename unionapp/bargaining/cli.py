"""Commands about agreements."""

import json
import sys
from pathlib import Path

import click

from unionapp.kernel import terminal
from unionapp.redline import NotUtf8Error, as_json, marked, redline_files

MOST_BYTES = 20_000_000
"""Of either file: fifty thousand pages. More is no agreement, and would fill the memory."""


@click.group()
def bargaining() -> None:
    """Compare texts of agreements."""


@bargaining.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_value", is_flag=True, help="Print one JSON value: a list of [op, text].")
def redline(old: Path, new: Path, as_value: bool) -> None:  # noqa: FBT001  # click gives flags by position
    """Compare two UTF-8 text files word by word, in Japanese and English.

    Deletions are marked [-so-], insertions {+so+}. In the JSON op is "equal", "delete" or "insert"; without
    the inserts the texts join to OLD exactly, without the deletes to NEW exactly, line ends included.
    """
    contents = [_read(path) for path in (old, new)]
    try:
        ops = redline_files(contents[0], contents[1], (str(old), str(new)))
    except NotUtf8Error as error:
        terminal.fail_examined(str(error))
    text = json.dumps(as_json(ops), ensure_ascii=False) + "\n" if as_value else marked(ops)
    # Bytes, so that neither the locale's encoding nor a translation of line ends touches the texts.
    stdout = sys.stdout.buffer
    stdout.write(text.encode("utf-8"))


def _read(path: Path) -> bytes:
    try:
        return terminal.read_file(path, MOST_BYTES)
    except FileNotFoundError:
        terminal.fail_usage(f"{path}: there is no such file")
    except IsADirectoryError:
        terminal.fail_usage(f"{path}: this is a folder, not a file")
    except terminal.TooLargeError as error:
        terminal.fail_examined(str(error))
    except OSError as error:
        terminal.fail_usage(f"{path}: {error.strerror}")
