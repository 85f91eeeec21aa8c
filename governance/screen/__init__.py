"""大屏: the wall. A small server of its own that reads nothing but the public bundle, and one static page."""
