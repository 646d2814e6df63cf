"""The demo's whole job with a stub encoder, as a program to be killed: `killable.py FOLDER`."""

import sys
from pathlib import Path

from fakes import HashingEncoder

from lexwatch import demo
from lexwatch.app import App

App.encoder = HashingEncoder()  # type: ignore[assignment] # a stub in a cached property's place
demo.run(Path(sys.argv[1]), lambda _what, _done, _of: None, quiet=True)
