"""Top floor: settings, addresses, portal, console, commands; the only floor that knows all."""
