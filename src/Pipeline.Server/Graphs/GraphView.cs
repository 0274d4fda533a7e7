namespace Pipeline.Server.Graphs;

/// <summary>Where to draw the stages of a pipeline: columns from left to right, rows from top to bottom.</summary>
/// <param name="Columns">Number of columns.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Nodes">The stages.</param>
/// <param name="Edges">What goes from one to another.</param>
internal sealed record GraphView(int Columns, double Rows, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges);

/// <summary>A stage.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Column">Its column, from 0.</param>
/// <param name="Row">Its row, from 0; between two rows where that is straighter.</param>
/// <param name="Evaluations">The evaluations of its model, which are drawn with it.</param>
internal sealed record GraphNode(string Instance, int Column, double Row, IReadOnlyList<string> Evaluations);

/// <summary>What goes from one stage to another.</summary>
/// <param name="From">The stage that makes it.</param>
/// <param name="To">The stage that needs it.</param>
/// <param name="Weights">Whether it is a model; else data, or order alone.</param>
/// <param name="Rows">The row at which it passes each column on its way.</param>
internal sealed record GraphEdge(string From, string To, bool Weights, IReadOnlyList<double> Rows);
