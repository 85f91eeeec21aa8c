"""A relational database as a source: one SELECT per table, read in the child process and judged like a file.

rules.py and statement.py read the mapping, address.py finds host and password, which no mapping holds. asking.py hands
the queries to the child; there fetching.py reads them in one read-only transaction, in the words of postgresql.py or
mysql.py. Plain DB-API, without a layer that parses version strings: derived servers give themselves odd ones.
"""
