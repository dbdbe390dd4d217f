"""History: what git tells of each declaration, from its first publication on.

`commits.py` reads the main line, `steps.py` turns it into what happened to each declaration, and
`comparing.py` says what two states of one differ in.
"""

from generator.history.commits import mainline
from generator.history.comparing import Compared, compare_pair
from generator.history.steps import Step, steps_of

__all__ = ["Compared", "Step", "compare_pair", "mainline", "steps_of"]
