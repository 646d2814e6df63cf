"""`python -m lexwatch` is the `lexwatch` command."""

from lexwatch.cli import main

main()
