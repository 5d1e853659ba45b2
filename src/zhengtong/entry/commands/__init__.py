"""Subcommands of ``zhengtong``, one module each: ``HELP``, ``add_arguments(parser)``, ``handle(args) -> int``.

A module may also set ``NEEDS_DJANGO = True`` (the dispatcher then brings up the database and Django before
``handle``) and ``DATABASE_ROLE = "owner"`` (default "app"). Modules import Django only inside functions.
"""
