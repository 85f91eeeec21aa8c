"""社会治理一张图: exports become a checked snapshot, a snapshot becomes maps, trends and workloads."""
