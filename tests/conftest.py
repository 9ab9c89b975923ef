"""What holds for every test."""

import os

from hypothesis import settings

# A machine may be busy with other things: no test depends on a clock. What CI tries is the same
# each time: what chance finds is for whoever can look into it.
settings.register_profile("default", deadline=None, derandomize="CI" in os.environ)
settings.register_profile("quick", deadline=None, max_examples=15)  # while typing
settings.register_profile("many", deadline=None, max_examples=3000)  # before it is called done
settings.load_profile("default")
