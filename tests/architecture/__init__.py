"""Rules about the checkout as a whole: imports, templates, the wheel."""
