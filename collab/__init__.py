"""How people and the model work together."""

VERSION = "0.2.0"
