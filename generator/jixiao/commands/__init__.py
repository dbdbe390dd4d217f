"""Commands: one module each, named as the command. No module here prints or decides an exit code."""
