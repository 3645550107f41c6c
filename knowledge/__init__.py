"""What the system knows: documents, passages, corrections by meaning. It knows no people, no chat and no screen."""
