"""The commands, one module a subject: each says what it takes, calls the services, and prints what came of it."""
