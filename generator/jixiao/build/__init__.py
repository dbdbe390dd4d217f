"""Building: incremental, parallel, atomic.

A `Task` is a piece of a site with a hash of all its inputs. `StagedSite` runs those whose inputs have changed
on an `Executor`, keeps the others from the `BuildCache`, and becomes the site by one rename.
"""
