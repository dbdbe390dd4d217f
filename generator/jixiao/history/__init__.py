"""History: what git tells of each declaration, from its first publication on.

`commits.py` reads the main line, `steps.py` turns it into what happened to each declaration, and
`comparing.py` says what two states of one differ in.
"""

from jixiao.history.commits import mainline
from jixiao.history.comparing import Compared, compare_pair
from jixiao.history.steps import Step, steps_of

__all__ = ["Compared", "Step", "compare_pair", "mainline", "steps_of"]
