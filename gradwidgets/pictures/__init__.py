"""What to show: calculus results become scenes of four plain primitives."""
