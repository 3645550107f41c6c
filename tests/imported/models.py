"""What the application imports, and the commands that run models."""
# ruff: noqa: F401

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read on import

import sentence_transformers
import transformers.models.bert.modeling_bert
import transformers.models.llama.modeling_llama

import collab.ui
import collab.web.app
import collab.web.serving
import tests.imported.commands
