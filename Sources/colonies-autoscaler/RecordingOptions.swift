internal import ArgumentParser
internal import AutoscalerController
internal import LineLogging
internal import Logging

/// Whether and where decisions are recorded.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Add every decision, with all it was made from, to this file, for `replay`.", valueName: "file"))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "End the recording before the file becomes larger: 64KiB to 1TiB. Default: 256MiB.", valueName: "size"))
  var recordLimit: ByteCount?

  func validate() throws {
    if recordLimit != nil, record == nil { throw ValidationError("--record-limit is for --record.") }
    if let recordLimit, recordLimit.bytes < DecisionRecorder.leastLimit {
      throw ValidationError("--record-limit must be at least 64KiB.")
    }
  }

  /// The recorder; nil when nothing is to be recorded. Says on standard error why one cannot be made.
  func recorder(_ logger: Logger) throws -> DecisionRecorder? {
    guard let record else { return nil }
    do throws(DecisionRecorder.Failure) {
      return try DecisionRecorder(
        path: record, limit: recordLimit?.bytes ?? DecisionRecorder.usualLimit,
        program: "colonies-autoscaler \(ColoniesAutoscaler.version)", logger: logger)
    } catch {
      throw complaint("\(error)\n")
    }
  }
}

extension Logger {
  /// Says on standard error what a person who waits for a result should know.
  static var complaining: Logger {
    var logger = Logger(label: "colonies-autoscaler") { LogFormat.text.handler(label: $0, subject: "scaler") }
    logger.logLevel = .warning
    return logger
  }
}
