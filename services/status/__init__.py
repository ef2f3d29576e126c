"""How units and periods stand, and the page that says so."""
