"""How a real deployment begins: the first accounts, appointments and terminal, recorded once and closed for good."""
