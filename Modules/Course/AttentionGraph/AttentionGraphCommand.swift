import Attention
import Core

/// `course attention-graph`: a sentence as a complete graph, and attention as its messages.
struct AttentionGraphCommand: Subcommand {
  static let name = "attention-graph"
  static let summary =
    "A transformer's attention as messages on a graph of words (document 004, question 2.4)."
  static let discussion = """
    Every word of a sentence is a node that sends to every word. The message along an edge from j \
    to i is V hⱼ, and i weighs what arrives by the softmax of Q hᵢ · K hⱼ: this is attention. Both \
    are computed, as matrices and as messages, and compared. The vectors and matrices are random.

    With --window and --stride the graph is sparse: a word hears only of those that near, and of \
    every so many-th. A table says what long sentences cost on each kind of graph.

    A picture of the graph is left in the output folder.
    """
  static let examples = ["--sentence \"Je mange des pommes rouges\"", "--window 1", "--heads 4"]

  @Option("TEXT", "The sentence; words are parted by spaces.", .text)
  var sentence = "I eat red apples"
  @Option("COUNT", "Heads of attention.", .integer(1...64))
  var heads = 2
  @Option("COUNT", "Features of a word.", .integer(1...1024))
  var width = 16
  @Option(
    "PLACES", "Keeps the edges between words at most so far apart.", .optional(.integer(0...1000)),
    default: "all edges")
  var window: Int? = nil
  @Option(
    "PLACES", "Keeps the edges between words a multiple of so far apart.",
    .optional(.integer(1...1000)), default: "all edges")
  var stride: Int? = nil
  @Option("COUNT", "The words of the longest sentence in the table of costs.", .integer(64...4096))
  var longest = 1024
  @Option("NUMBER", "Fixes the vectors and matrices.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let words = sentence.split(whereSeparator: \.isWhitespace).map(String.init)
    let graph = makeGraph(words.count)
    let others = DirectedGraph.complete(words.count, selfLoops: false).edgeCount
    console.write(
      """
      \(words.count) words: \(others) edges between them, \
      \(others + words.count) with those to themselves; \(graph.edgeCount) are used

      """)
    compare(words, on: graph, console)
    try draw(words, on: graph, console)
    var lengths = [64]
    while lengths[lengths.count - 1] * 4 <= longest { lengths.append(lengths.last! * 4) }
    console.write("\nthe cost of one round, 64 features, threads: \(Parallel.threadCount)\n")
    console.write(AttentionCost(lengths: lengths).table)
  }

  private func makeGraph(_ count: Int) -> DirectedGraph {
    let near = window.map { DirectedGraph.window(count, radius: $0) }
    let regular = stride.map { DirectedGraph.strided(count, stride: $0) }
    switch (near, regular) {
    case (let near?, let regular?): return near.union(regular)
    case (let graph?, nil), (nil, let graph?): return graph
    case (nil, nil): return .complete(count)
    }
  }

  private func compare(_ words: [String], on graph: DirectedGraph, _ console: Console) {
    for heads in Set([1, heads]).sorted() {
      let attention = SentenceAttention(words: words, heads: heads, width: width, seed: seed)
      let messages = attention.messages(on: graph)
      let difference = abs(messages - attention.dense(mask: graph.mask)).maximum().item()
      console.write(
        "\(heads) \(heads == 1 ? "head" : "heads"): attention as matrices and as messages differ by "
          + "at most \(scientific(difference))\n")
    }
  }

  private func draw(_ words: [String], on graph: DirectedGraph, _ console: Console) throws {
    let attention = SentenceAttention(words: words, heads: heads, width: width, seed: seed)
    let weights = attention.weights(on: graph).mean(along: 1).scalars(as: Double.self)
    let edges = zip(graph.edges, weights).map { ($0.from, $0.to, $1) }
    for (word, strongest) in words.indices.map({ word in
      (word, edges.filter { $0.1 == word }.max { $0.2 < $1.2 })
    }) {
      guard let strongest else { continue }
      console.write(
        "  \(words[word]) hears most of \(words[strongest.0]) (\(fixed(strongest.2, 2)))\n")
    }
    let path = OutputFile.path(output, "attention-graph.svg")
    let picture = SentencePicture(
      words: words, edges: edges, title: "A sentence as a graph",
      subtitle: "\(graph.edgeCount) edges, as thick as their weight of attention, "
        + "the mean of \(heads) random \(heads == 1 ? "head" : "heads")")
    try OutputFile.write(picture.svg(), to: path)
    console.write("graph: \(path)\n")
  }
}
