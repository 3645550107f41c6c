"""What people say about answers: ratings, corrections, and their review."""
