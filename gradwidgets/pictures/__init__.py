"""What to show: calculus results become scenes of plain primitives."""
