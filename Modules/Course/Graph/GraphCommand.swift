import Attention
import Core
import Datasets

/// `course graph`: a graph network learns a club's two sides from two members.
struct GraphCommand: Subcommand {
  static let name = "graph"
  static let summary =
    "A graph network finds the sides of a karate club from two members (document 004, question 2)."
  static let discussion = """
    Zachary's karate club has 34 members and 78 friendships. After a quarrel it broke in two. The \
    network is told the sides of two members, the instructor and the president, and nothing about \
    the others but who is whose friend: two layers of message passing carry the labels along the \
    friendships. The accuracy is over the 32 members whose sides it was not told.

    A picture of the club is left in the output folder.
    """
  static let examples = ["--layer attention", "--layer sage --seed 3"]

  @Option("NAME", "The layer: convolution, sage or attention.", .choice)
  var layer = GraphLayerName.convolution
  @Option("COUNT", "Steps on all members at once.", .integer(1...1_000_000))
  var epochs = 200
  @Option("COUNT", "Features between the two layers.", .integer(1...10_000))
  var hidden = 16
  @Option("RATE", "The learning rate of AdamW.", .number(above: 0))
  var learningRate = 0.01
  @Option("RATE", "The weight decay of AdamW.", .number(above: 0))
  var weightDecay = 0.1
  @Option("NUMBER", "Fixes the first weights.", .seed)
  var seed: UInt64 = 7
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    try OutputFile.makeFolder(output)
    let club = try KarateClub()
    var training = GraphTraining(club, labelled: [0, KarateClub.memberCount - 1])
    let graph = training.graph
    let model = withRandom(seed: seed) {
      layer.network(
        inputs: graph.nodeCount, hidden: hidden, classes: KarateClub.Side.allCases.count,
        on: graph)
    }
    console.write(
      """
      karate club: \(graph.nodeCount) members, \(club.friendships.count) friendships, \
      \(graph.edgeCount) directed edges, 2 sides shown
      network: \(layer.rawValue) \(graph.nodeCount)-\(hidden)-2, \
      \(grouped(model.parameterCount)) parameters, adamw at \(learningRate), seed \(seed)

      """)
    try train(&training, model, console)
    let path = OutputFile.path(output, "graph-karate-club.svg")
    let accuracy = training.history[training.history.count - 1].accuracy
    let picture = ClubPicture(
      training: training, title: "A club that broke in two",
      subtitle: "Zachary's karate club, two layers of \(layer.rawValue), "
        + "\(fixed(100 * accuracy, 1)) % of 32 hidden sides right")
    try OutputFile.write(picture.svg(), to: path)
    console.write("club: \(path)\n")
    if !training.mistakes.isEmpty {
      let members = training.mistakes.map { "\($0 + 1)" }.joined(separator: ", ")
      console.write("on the wrong side: \(members)\n")
    }
    console.write("accuracy \(fixed(accuracy, 4))\n")
  }

  private func train(
    _ training: inout GraphTraining, _ model: some Layer<Tensor, Tensor>, _ console: Console
  ) throws {
    try training.run(
      model, epochs: epochs, rate: learningRate, decay: weightDecay, console: console)
  }
}
