"""What the templates of the staff pages use."""
