"""What a type keeps secret: found by any name, hidden from readers, sealed while it is stored."""
