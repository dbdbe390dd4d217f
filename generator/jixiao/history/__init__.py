"""History of declarations as read from git, from the first publication on.

`git` reads the repository, `trailers` reads kind and reason of a change from commit messages, `steps`
derives the events of each declaration from the main line, and `state_comparison` describes the
differences between two states.
"""

from jixiao.history.state_comparison import StateComparison, compare_file_states
from jixiao.history.steps import HistoryStep, find_steps, read_mainline

__all__ = ["HistoryStep", "StateComparison", "compare_file_states", "find_steps", "read_mainline"]
