// Reads the GEXF files named as arguments with the parser of Gephi Lite, and prints what it took them for as one JSON list.
const { readFileSync } = require("node:fs");
const Graph = require("graphology");
const gexf = require("graphology-gexf");

const read = (path) => {
  const graph = gexf.parse(Graph, readFileSync(path, "utf8"));
  return {
    meta: graph.getAttributes(),
    nodes: graph.mapNodes((node, columns) => [node, columns]),
    edges: graph.mapEdges((edge, columns, source, target) => [edge, source, target, graph.isDirected(edge), columns]),
  };
};
process.stdout.write(JSON.stringify(process.argv.slice(2).map(read)));
