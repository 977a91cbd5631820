// Shows a GEXF file as Gephi Lite does: read by its parser, drawn by its renderer, nothing laid out or coloured anew.
import Graph from "graphology";
import { parse } from "graphology-gexf/browser";
import Sigma from "sigma";

const look = { labelFont: "Noto Sans CJK SC, sans-serif", labelSize: 11, labelGridCellSize: 42, labelRenderedSizeThreshold: 0 };

window.show = (text, place) => new Sigma(parse(Graph, text), place, { ...look, defaultEdgeColor: "#c3cad3", itemSizesReference: "positions" });
