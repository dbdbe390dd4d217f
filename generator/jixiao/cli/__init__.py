"""Command line: one module a command. Only this package prints and decides exit codes."""
