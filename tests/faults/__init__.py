"""Everything is killed, at random and at every named point, and nothing may be lost or counted twice."""
