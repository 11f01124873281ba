internal import DecisionRecording
internal import Files
internal import Locking
public import Logging
internal import Timekeeping

/// Writes every decision to a file, with everything that it was made from.
///
/// A line is handed to the system before the decision is carried out, so that it survives the end of the program.
/// When the file has reached its limit, or cannot be written, the recording ends with a line in the log: scaling is
/// worth more. It does not begin anew in another file, as a recording can only be replayed from its beginning.
public final class DecisionRecorder: Sendable {
  /// Why a recording cannot begin.
  public enum Failure: Error, Sendable, CustomStringConvertible {
    /// The file cannot be opened.
    case unusable(file: String, reason: String)
    /// The file is something else.
    case notARecording(file: String, reason: String)

    public var description: String {
      switch self {
      case .unusable(let file, let reason): "cannot record into \(file): \(reason)"
      case .notARecording(let file, let reason):
        "will not record into \(file), which is no recording: \(reason)"
      }
    }
  }

  /// The file; nil once the recording has ended.
  private let file: Locked<AppendedFile?>
  private let path: String
  private let limit: Int
  private let logger: Logger

  /// The bytes that a recording may have unless told otherwise.
  public static let usualLimit = 256 << 20
  /// The least limit that makes sense: room for a start, some rules and some decisions.
  public static let leastLimit = 64 << 10

  /// Begins a recording, or goes on with one.
  /// - Parameters:
  ///   - path: The file. It is made readable only for its owner.
  ///   - limit: The bytes it may have.
  ///   - program: Who records, with its version.
  public convenience init(path: String, limit: Int, program: String, logger: Logger) throws(Failure) {
    try self.init(path: path, limit: limit, program: program, wallTime: WallClock.now(), logger: logger)
  }

  init(
    path: String, limit: Int, program: String, wallTime: Duration, logger: Logger
  ) throws(Failure) {
    self.path = path
    self.limit = limit
    self.logger = logger
    try Self.check(path)
    do throws(FileError) {
      file = Locked(try AppendedFile(path))
    } catch {
      throw .unusable(
        file: path, reason: error.isInUse ? "another program records into it" : error.reason)
    }
    logger.info(
      "recording decisions", metadata: ["event": "recording", "file": "\(path)", "limitBytes": "\(limit)"])
    append([.start(RecordingStart(program: program, wallTime: wallTime))])
  }

  /// Refuses to add to a file that is something else.
  private static func check(_ path: String) throws(Failure) {
    guard File.exists(path) else { return }
    let first: FileLines.Line?
    do throws(FileError) {
      var lines = try FileLines(path, longest: RecordingEntry.longestLine)
      first = try lines.next()
    } catch {
      throw .unusable(file: path, reason: error.reason)
    }
    guard let first else { return }
    do throws(RecordingError) {
      guard case .start = try RecordingEntry(line: first.bytes) else {
        throw RecordingError(field: "entry", "the first line is no start")
      }
    } catch {
      throw .notARecording(file: path, reason: "\(error)")
    }
  }

  /// Whether decisions are still written.
  var isOpen: Bool { file.withLock { $0 != nil } }

  /// Adds entries, all of them or none.
  func append(_ entries: [RecordingEntry]) {
    let lines = entries.flatMap(\.line)
    let last = RecordingEntry.limitReached(limit).line
    let end: End? = file.withLock { file in
      guard let open = file else { return nil }
      do throws(FileError) {
        guard open.size + lines.count + last.count <= limit else {
          file = nil
          if open.size + last.count <= limit { try open.append(last) }
          return .limit
        }
        try open.append(lines)
        return nil
      } catch {
        file = nil
        return .failure(error)
      }
    }
    switch end {
    case nil: return
    case .limit:
      logger.warning(
        "the recording has reached its limit of \(limit) bytes and ends",
        metadata: ["event": "recordingEnded", "file": "\(path)"])
    case .failure(let error):
      logger.error(
        "the recording ends: \(error)", metadata: ["event": "recordingEnded", "file": "\(path)"])
    }
  }

  private enum End: Sendable {
    case limit
    case failure(FileError)
  }
}
