"""The application: command line, settings and the composition of the other packages."""

import os

# One thread multiplies a query's row by all vectors as fast as two, which wait for each other
# whenever anything else runs; numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
