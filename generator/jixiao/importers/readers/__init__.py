"""Readers of form files (Word, workbook, PDF, text): bytes come in, a grid goes out."""
