"""Long drills of what the tests show briefly: killed imports, readers beside imports, flipped bits."""
