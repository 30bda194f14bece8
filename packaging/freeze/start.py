"""Where the packed program begins: as `python -m tailrace` does."""

import os

from tailrace.__main__ import main

# On Linux the start file points the linker to the program's own libraries, and the linker has read that by now. Other
# programs that are started from here, such as a browser, must not get them.
if "LD_LIBRARY_PATH" in os.environ:
    own = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    os.environ["LD_LIBRARY_PATH"] = own
    if not own:
        del os.environ["LD_LIBRARY_PATH"]

main()
