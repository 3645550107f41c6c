"""Past support dialogues: from messages in a file to proposed corrections, which wait for review."""
