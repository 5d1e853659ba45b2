"""Typesetting of papers: templates, their contents, QR codes; plain Python without Django."""
