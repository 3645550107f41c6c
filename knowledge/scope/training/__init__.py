"""How the model of `askedness.py` is made. Nothing here runs while the product answers."""
