"""Records become markup: the only translation between what the services tell and what Gradio shows."""
