"""How it is drawn: the same scene by matplotlib and by the browser."""
