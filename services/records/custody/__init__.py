"""Where a nominal is held: receptions and releases, as prisons' own systems tell them."""
