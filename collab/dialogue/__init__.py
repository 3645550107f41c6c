"""The talk between a person and the assistant: conversations, prompts, engines, answers."""
