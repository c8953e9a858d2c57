/// The numbers of a CSV file, and the labels of its rows where a label column was named.
public struct CSVTable: Sendable, Equatable {
  /// The header's names of the feature columns, or `nil` without a header.
  public let columnNames: [String]?
  /// The features in row-major order.
  public let values: [Float]
  /// The number of feature columns.
  public let columnCount: Int
  /// The number of rows.
  public let rowCount: Int
  /// What the label column holds.
  public let labels: Labels

  /// The content of a label column.
  public enum Labels: Sendable, Equatable {
    /// The file has none.
    case none
    /// Class numbers from 0, and the names of the classes when the file spelled names.
    case classes([Int64], names: [String]?)
    /// Numbers to regress on.
    case numbers([Float])
  }
}
