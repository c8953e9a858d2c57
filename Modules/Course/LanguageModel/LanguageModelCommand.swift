import Core
import Datasets
import Optim
import Recurrent

/// `course language-model`: a recurrent network learns to write.
struct LanguageModelCommand: Subcommand {
  static let name = "language-model"
  static let summary =
    "A recurrent network learns which word or character comes next, and writes (document 002)."
  static let discussion = """
    Token vectors, recurrent layers and a softmax over the vocabulary learn the first nine tenths of \
    a text, read as several streams in windows: the states go from each window to the next, \
    gradients stop at its beginning. After each epoch they are tested on the last tenth. The \
    perplexity is e to the mean surprise −ln p at a token: as if so many tokens were equally likely.

    Words become lower case; those that come less than --minimum-count times, or are not among the \
    --vocabulary most frequent, become one unknown word, in the test too. Perplexities of different \
    vocabularies do not compare.

    Then it writes a sample, with --beam its likeliest line as well, and lists the words whose \
    learned vectors are nearest to those of frequent ones.

    With --checkpoints a training that was stopped, even killed, goes on with --resume where it was, \
    and ends with the same bits. --save writes the parameters, and the vocabulary beside them.
    """
  static let examples = [
    "--level character --epochs 8",
    "--cell gru --layers 2 --tied --dropout 0.3",
    "--prompt \"And Joseph said\" --temperature 0.6 --beam 8",
    "--checkpoints run --resume --epochs 20",
    "--save genesis.safetensors",
    "--load genesis.safetensors --epochs 0 --top-k 20",
    "--corpus FILE --optimizer sgd --epochs 6 --decay 0.7",
  ]

  @Option(
    "FILE", "Learns this text instead of Genesis; lines, packed by gzip or not.", .optional(.path))
  var corpus: String? = nil
  @Option("NAME", "The recurrent cell: elman, lstm or gru.", .choice)
  var cell = CellName.lstm
  @Option("NAME", "What a token is: character or word.", .choice)
  var level = LanguageText.Level.word
  @Option("COUNT", "Recurrent layers.", .integer(1...100))
  var layers = 1
  @Option("COUNT", "Units of each layer.", .integer(1...100_000))
  var hidden = 200
  @Option(
    "COUNT", "Features of a token's vector.", .optional(.integer(1...100_000)),
    default: "as --hidden")
  var embedding: Int? = nil
  @Option("", "Uses the token vectors as the output's weight too.", .flag)
  var tied = false
  @Option("SHARE", "Dropped of vectors, between layers and of outputs.", .share)
  var dropout = 0.4
  @Option("COUNT", "Tokens with fewer occurrences are unknown.", .integer(1...1_000_000_000))
  var minimumCount = 2
  @Option("COUNT", "The most tokens of the vocabulary.", .integer(2...1_000_000_000))
  var vocabulary = 10_000
  @Option("COUNT", "Steps of a window.", .integer(1...1_000_000))
  var window = 35
  @Option("COUNT", "Streams of text side by side.", .integer(1...1_000_000))
  var batch = 20
  @Option("COUNT", "Passes over the text; 0 only writes.", .integer(0...1_000_000))
  var epochs = 12
  @Option("NAME", "The rule: sgd, momentum, adam or adamw.", .choice)
  var optimizer = OptimizerName.adam
  @Option(
    "RATE", "The first learning rate.", .optional(.number(above: 0)),
    default: "20 for sgd, 2 for momentum, 0.005 for the others")
  var learningRate: Double? = nil
  @Option("FACTOR", "Multiplies the rate after each epoch.", .number(above: 0))
  var decay = 0.85
  @Option("NORM", "Scales longer gradients back to this length.", .number(above: 0))
  var clip = 0.25
  @Option("NUMBER", "Fixes all that is random.", .seed)
  var seed: UInt64 = 7
  @Option(
    "COUNT", "Threads to compute with.", .optional(.integer(1...1024)), default: "all processors")
  var threads: Int? = nil
  @Option("TEXT", "What is continued.", .text)
  var prompt = "And God said"
  @Option(
    "COUNT", "How many tokens to write.", .optional(.integer(0...1_000_000)),
    default: "60 words or 400 characters")
  var length: Int? = nil
  @Option("NUMBER", "Below 1 it writes what is likelier.", .number(above: 0))
  var temperature = 0.8
  @Option(
    "COUNT", "Writes only tokens among so many likeliest.", .optional(.integer(1...1_000_000)))
  var topK: Int? = nil
  @Option(
    "WIDTH", "Searches the likeliest line too, so many beginnings at a time.",
    .optional(.integer(1...10_000)))
  var beam: Int? = nil
  @Option("FILE", "Saves the parameters, and the vocabulary to FILE.vocabulary.", .optional(.path))
  var save: String? = nil
  @Option("FILE", "Starts from saved parameters and their vocabulary.", .optional(.path))
  var load: String? = nil
  @Option(
    "FOLDER", "Saves the training there after each epoch, to go on with it if it is stopped.",
    .optional(.path))
  var checkpoints: String? = nil
  @Option(
    "COUNT", "Saves it after every so many windows, too.", .optional(.integer(1...1_000_000_000)))
  var checkpointEvery: Int? = nil
  @Option("", "Goes on from the last good checkpoint, if there is one.", .flag)
  var resume = false
  @Option("FOLDER", "Where the picture goes.", .path)
  var output = "course-output"

  func run(console: Console) throws {
    if let threads { Parallel.threadCount = threads }
    // Whatever can fail fails before the training.
    try OutputFile.makeFolder(output)
    if let save { try OutputFile.checkWritable(save) }
    guard checkpoints != nil || !resume && checkpointEvery == nil else {
      throw OptionError("--resume and --checkpoint-every need --checkpoints")
    }
    guard !tied || width == hidden else {
      throw OptionError("--tied: an --embedding of \(width) does not fit --hidden \(hidden)")
    }
    let text = try LanguageText(
      corpus, level: level, vocabulary: load.map { try Vocabulary($0 + ".vocabulary") },
      minimumCount: minimumCount, maximumSize: vocabulary)
    var generator = RandomGenerator(seed: seed)
    try withRandom(using: &generator) {
      switch cell {
      case .elman: try run(model(text) { ElmanCell($0, $1) }, text, console)
      case .lstm: try run(model(text) { LSTMCell($0, $1) }, text, console)
      case .gru: try run(model(text) { GRUCell($0, $1) }, text, console)
      }
    }
  }

  var width: Int { embedding ?? hidden }

  private func model<Cell: RecurrentCell>(
    _ text: LanguageText, cell: (Int, Int) -> Cell
  ) -> RecurrentLanguageModel<Cell> {
    RecurrentLanguageModel(
      vocabulary: text.vocabulary.count, embedding: width, hidden: hidden, layers: layers,
      dropout: dropout, isTied: tied, cell: cell)
  }

  private func run(_ model: some LanguageModel, _ text: LanguageText, _ console: Console) throws {
    if let load { try model.load(from: load) }
    let generation = try TextGeneration(model, text, prompt: prompt)
    describe(model, text, console)
    var training = try LanguageTraining(
      model, on: text, epochs: epochs, batch: batch, window: window, decay: decay, clip: clip,
      checkpoints: try checkpointFolder())
    try train(&training, console)
    let result = training.heldOut()
    if let save {
      try model.save(to: save)
      try text.vocabulary.save(to: save + ".vocabulary")
      console.write("parameters: \(save), vocabulary: \(save).vocabulary\n")
    }
    try draw(training.history, console)
    write(generation, console)
    listNeighbours(model, text, console)
    console.write(
      "held-out perplexity \(fixed(result.value, 3)), \(fixed(result.bitsPerToken, 3)) bits a "
        + "\(level.rawValue)\n")
  }

  /// Everything that decides how a training goes must be the same for it to go on.
  private func checkpointFolder() throws -> CheckpointFolder? {
    try checkpoints.map { directory in
      try CheckpointFolder(
        directory, isResuming: resume, every: checkpointEvery,
        settings: [
          "--corpus": corpus ?? "Genesis", "--cell": cell.rawValue, "--level": level.rawValue,
          "--layers": "\(layers)", "--hidden": "\(hidden)", "--embedding": "\(width)",
          "--tied": "\(tied)", "--dropout": "\(dropout)", "--minimum-count": "\(minimumCount)",
          "--vocabulary": "\(vocabulary)", "--window": "\(window)", "--batch": "\(batch)",
          "--optimizer": optimizer.rawValue, "--learning-rate": "\(rate)", "--decay": "\(decay)",
          "--clip": "\(clip)", "--seed": "\(seed)", "--load": load ?? "nothing",
        ])
    }
  }

  var rate: Double {
    switch optimizer {
    case .sgd: learningRate ?? 20
    case .momentum: learningRate ?? 2
    case .adam, .adamw: learningRate ?? 0.005
    }
  }

  private func train<Model>(
    _ training: inout LanguageTraining<Model>, _ console: Console
  ) throws {
    switch optimizer {
    case .sgd: try training.run(with: GradientDescent(learningRate: rate), console: console)
    case .momentum:
      try training.run(with: GradientDescent(learningRate: rate, momentum: 0.9), console: console)
    case .adam: try training.run(with: Adam(learningRate: rate), console: console)
    case .adamw: try training.run(with: AdamW(learningRate: rate), console: console)
    }
  }

  /// The cells that `--cell` names.
  enum CellName: String, CaseIterable { case elman, lstm, gru }
}
