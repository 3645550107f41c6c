"""Corrections from and to files: CSV for spreadsheets, JSONL for programs."""
