"""Mathematics: formulas, fields and their derivatives, with numpy and autograd alone."""
