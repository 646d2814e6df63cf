"""The application: command line, settings and the composition of the other packages."""

import gc
import os

# One thread multiplies a query's row by all vectors as fast as two, which wait for each other
# whenever anything else runs; numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# What is imported lasts: to look through it for cycles again and again takes a fifth of a short
# command's time. They are still found, among so many new objects instead of 700.
gc.set_threshold(300_000)

__version__ = "0.1.0"
