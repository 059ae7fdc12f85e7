"""Do networkx and igraph open the graphs of a case with every attribute?

Usage: case_network.py CASE COLUMNS, where COLUMNS is JSON: file -> names in order.
"""

import json
import pathlib
import sys

import igraph
import networkx

case, columns = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
node_columns, edge_columns = columns["network (nodes)"], columns["network (edges)"][2:]


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


graph = networkx.read_graphml(case / "network.graphml")
same(sorted(graph.nodes), sorted(["-1001234", "=cmd|' /C calc'!A0", "änne"]))
same((graph.number_of_edges(), graph.is_directed()), (3, False))
node, edge = graph.nodes["-1001234"], graph.edges["-1001234", "änne"]
same(sorted(node), sorted(node_columns))
same(sorted(set(edge) - {"id"}), sorted(edge_columns))
same((node["n_posts"], node["score"], node["x"], node["color"]), (3, 5.65, 0.0, "#1f77b4"))
same((node["created_at"], node["first_seen"]), ("2021-09-25T18:00:00.000Z", "2021-09-26T18:00:00.000Z"))
assert "created_at" not in graph.nodes["änne"], "what is not known has no attribute"
same((edge["weight"], edge["n_objects"], edge["median_lag_s"], edge["p_value"]), (3.0, 3, 3.0, 2.9e-7))
assert node["label"] == node["pseudonym"] and node["label"].startswith("account-"), node

graph = igraph.Graph.Read_GraphML(str(case / "network.graphml"))
same((graph.vcount(), graph.ecount(), graph.is_directed()), (3, 3, False))
same(sorted(graph.vs.attributes()), sorted([*node_columns, "id"]))
same(sorted(graph.es.attributes()), sorted([*edge_columns, "id"]))
same(graph.vs["account_id"], ["-1001234", "=cmd|' /C calc'!A0", "änne"])
same((graph.vs["n_posts"], graph.es["median_lag_s"]), ([3, 3, 3], [1.5, 3.0, 1.5]))

for file, dynamic in [("network.gexf", False), ("network-dynamic.gexf", True)]:
    graph = networkx.read_gexf(case / file)
    same((graph.number_of_nodes(), graph.number_of_edges(), graph.is_directed()), (3, 3, False))
    node, edge = graph.nodes["-1001234"], graph.edges["-1001234", "änne"]
    own = {"x", "y", "size", "color"}
    assert set(node_columns) - own <= set(node), node
    assert set(edge_columns) <= set(edge), edge
    same(node["viz"]["position"], {"x": 0.0, "y": -2.5, "z": 0.0})
    same(node["viz"]["size"], 4.0)
    same([node["viz"]["color"][part] for part in "rgb"], [31, 119, 180])
    same((node["n_posts"], node["score"], edge["weight"], edge["kind"]), (3, 5.65, 3.0, "co_link"))
    same("start" in node, dynamic)
    if dynamic:
        same((edge["start"], edge["end"]), ("2021-09-26T18:00:00.000Z", "2021-09-26T18:00:01.000Z"))
print("all as expected")
