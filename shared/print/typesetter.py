"""Run as a program of its own: source and data on stdin as JSON; the PDF on stdout, or what is wrong on stderr.

A long paper leaves some 200 MB behind in the compiler's memory. Here it ends with the paper, and so does whatever the
compiler may do besides.
"""

from __future__ import annotations

import json
import sys

WRONG = 3


def main() -> int:
    """Imports inside, so that whoever reads WRONG does not load the compiler."""
    import typst  # noqa: PLC0415

    given = json.load(sys.stdin)
    # The machine's fonts serve scripts that the package's own do not have.
    fonts = typst.Fonts()
    try:
        made = typst.compile(
            given["source"].encode(),
            font_paths=fonts,
            sys_inputs={"data": given["data"]},
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        sys.stderr.write(error.diagnostic)
        return WRONG
    if isinstance(made, bytes):
        sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
