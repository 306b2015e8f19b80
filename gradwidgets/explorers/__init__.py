"""Controls and state: the widgets that students touch."""
