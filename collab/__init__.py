"""How people and the model work together."""
