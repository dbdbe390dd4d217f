"""Publish performance-target declarations of government budget projects as a searchable site.

One YAML file a project goes through five steps, which are folders of this package:
load → check → model → pages → site. `pipeline.py` uses them in that order.
"""

__version__ = "0.1.0"
