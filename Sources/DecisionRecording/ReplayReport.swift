internal import Autoscaling
package import Files
internal import JSON

/// What came of replaying a file.
package struct ReplayReport: Sendable, Hashable {
  /// Why a file cannot be replayed.
  package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// It cannot be read.
    case unreadable(FileError)
    /// A line cannot be understood.
    case invalid(file: String, line: Int, RecordingError)
    /// There is nothing in it.
    case empty(file: String)

    package var description: String {
      switch self {
      case .unreadable(let error): "\(error)"
      case .invalid(let file, let line, let error): "\(file):\(line): \(error)"
      case .empty(let file): "\(file): is empty, and a recording begins with a start"
      }
    }
  }

  /// How many differences are kept; the others are only counted.
  package static let differencesKept = 100

  /// The file.
  package let file: String
  /// What there was, in numbers.
  package private(set) var summary: ReplaySummary
  /// The first differences.
  package private(set) var differences: [ReplayDifference] = []
  /// The number of the last line, if it has no end and was left out: whoever wrote it was interrupted.
  package private(set) var interruptedLine: Int?

  /// Makes every decision of a file again.
  package init(replaying file: String) throws(Failure) {
    self.file = file
    var replay = Replay()
    var lines = try Self.open(file)
    while let line = try Self.next(&lines) {
      guard line.isComplete else {
        interruptedLine = line.number
        break
      }
      let difference: ReplayDifference?
      do throws(RecordingError) {
        difference = try replay.take(line.bytes, number: line.number)
      } catch {
        throw .invalid(file: file, line: line.number, error)
      }
      if let difference, differences.count < Self.differencesKept { differences.append(difference) }
    }
    summary = replay.summary
    if summary.programs.isEmpty { throw .empty(file: file) }
  }

  private static func open(_ file: String) throws(Failure) -> FileLines {
    do throws(FileError) {
      return try FileLines(file, longest: RecordingEntry.longestLine)
    } catch {
      throw .unreadable(error)
    }
  }

  private static func next(_ lines: inout FileLines) throws(Failure) -> FileLines.Line? {
    do throws(FileError) {
      return try lines.next()
    } catch {
      throw .unreadable(error)
    }
  }
}

extension ReplayReport {
  /// The report for people.
  package var text: String {
    var lines: [String] = []
    for difference in differences { lines.append(difference.text) }
    let untold = summary.differences - differences.count
    if untold > 0 { lines.append("… and \(untold) more") }
    let programs = Set(summary.programs).sorted().joined(separator: ", ")
    lines.append(
      "\(file): \(Self.count(summary.decisions, "decision")) of "
        + "\(Self.count(summary.scalers.count, "scaler")), \(Self.count(summary.programs.count, "start")) by "
        + "\(programs), \(Self.count(summary.policyChanges, "change")) of rules")
    for (reason, count) in reasons { lines.append("  \(reason.rawValue): \(count)") }
    if let interruptedLine {
      lines.append("line \(interruptedLine) has no end and was left out: the program was interrupted")
    }
    if let limit = summary.limitReached {
      lines.append("the recording ended at its limit of \(limit) bytes")
    }
    lines.append(Self.count(summary.differences, "difference"))
    return lines.joined(separator: "\n")
  }

  private static func count(_ number: Int, _ what: String) -> String {
    "\(number) \(what)\(number == 1 ? "" : "s")"
  }

  /// The report for machines.
  package var jsonText: String {
    JSONValue.object([
      ("file", .string(file)), ("programs", .strings(summary.programs)),
      ("scalers", .strings(summary.scalers.sorted())), ("decisions", .integer(summary.decisions)),
      ("policyChanges", .integer(summary.policyChanges)),
      ("reasons", .object(reasons.map { ($0.reason.rawValue, .integer($0.count)) })),
      ("interruptedLine", .optional(interruptedLine)), ("limitReached", .optional(summary.limitReached)),
      ("differences", .integer(summary.differences)), ("first", .array(differences.map(\.json))),
    ]).text(.indented(2))
  }

  /// The reasons, the most frequent first.
  private var reasons: [(reason: ScalingReason, count: Int)] {
    summary.reasons.map { (reason: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.reason.rawValue) < ($0.count, $1.reason.rawValue) }
  }
}

extension ReplayDifference {
  /// The fields that say most; the others follow from them.
  private static let leading = ["replicas", "reason"]

  /// The difference in a line.
  fileprivate var text: String {
    let leading = fields.filter { Self.leading.contains($0.path) }
    let told = leading.isEmpty ? Array(fields.prefix(1)) : leading
    let texts = told.map { field in
      "\(field.path) was \(field.recorded?.text() ?? "absent"), is now \(field.replayed?.text() ?? "absent")"
    }
    let rest = fields.count - told.count
    let more = rest > 0 ? ["\(rest) more fields"] : []
    return "line \(line): \(scaler): \((texts + more).joined(separator: "; "))"
  }

  fileprivate var json: JSONValue {
    .object([
      ("line", .integer(line)), ("scaler", .string(scaler)),
      (
        "fields",
        .array(
          fields.map {
            .object([
              ("path", .string($0.path)), ("recorded", $0.recorded ?? .null),
              ("replayed", $0.replayed ?? .null),
            ])
          })
      ),
    ])
  }
}
