"""gradwidgets."""
