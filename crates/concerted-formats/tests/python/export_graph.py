"""Do exported graphs hold the accounts of a group and the lines between them, as the case has them?

Usage: export_graph.py CASE GRAPH.gexf GRAPH.graphml
"""

import pathlib
import sys

import duckdb
import networkx

case, gexf, graphml = map(pathlib.Path, sys.argv[1:])
database = duckdb.connect()


def sql(query):
    return database.execute(query.replace("$", str(case) + "/")).fetchall()


accounts = {row[0] for row in sql(
    "select pseudonym from '$members.csv' m join '$pseudonyms.csv' n on n.account_id = m.account_id where group_id = 'g1'"
)}
lines = {
    frozenset(row[:2]): row[2]
    for row in sql(
        """with m as (select account_id from '$members.csv' where group_id = 'g1')
        select a.pseudonym, b.pseudonym, arg_min(joint_actions, ln_p)
        from '$pairs.parquet' p join '$pseudonyms.csv' a on a.account_id = p.account_a join '$pseudonyms.csv' b on b.account_id = p.account_b
        where pair_id is not null and account_a in (from m) and account_b in (from m) group by 1, 2"""
    )
}
assert len(accounts) == 5 and len(lines) == 10, (accounts, lines)
for graph in (networkx.read_gexf(gexf), networkx.read_graphml(graphml)):
    assert set(graph.nodes) == accounts, (set(graph.nodes), accounts)
    found = {frozenset(edge[:2]): edge[2]["weight"] for edge in graph.edges(data=True)}
    assert found == lines, (found, lines)
places = {
    (node["viz"]["position"]["x"], node["viz"]["position"]["y"])
    for _, node in networkx.read_gexf(gexf).nodes(data=True)
}
assert len(places) == 5, places
print("all as expected")
