"""Where the packed program begins: as `python -m tailrace` does."""

from tailrace.__main__ import main

main()
