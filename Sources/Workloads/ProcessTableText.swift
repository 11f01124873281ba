internal import CivilCalendar
public import Simulation

/// A table of processes as text, which a workload can be read from again.
public enum ProcessTableText {
  /// Writes processes.
  /// - Parameter begins: The time of their zero, since the beginning of 1970, UTC.
  public static func write(_ processes: [SimulatedProcess], begins: Duration) -> String {
    var text = "submitted,service,type,priority\n"
    for process in processes {
      text += "\(moment(begins + process.submittedAt)),\(decimal(process.serviceTime)),"
      text += "\(field(process.executorType)),\(process.priority)\n"
    }
    return text
  }

  private static func moment(_ time: Duration) -> String {
    let (seconds, attoseconds) = time.components
    let civil = CivilTime(seconds: Int(seconds))
    return "\(civil.dateText) \(civil.timeText)\(fraction(attoseconds))"
  }

  private static func decimal(_ time: Duration) -> String {
    "\(time.components.seconds)\(fraction(time.components.attoseconds))"
  }

  /// Nanoseconds behind a point, or nothing.
  private static func fraction(_ attoseconds: Int64) -> String {
    let nanoseconds = String(attoseconds / 1_000_000_000)
    guard nanoseconds != "0" else { return "" }
    return "." + String(repeating: "0", count: 9 - nanoseconds.utf8.count) + nanoseconds
  }

  private static func field(_ text: String) -> String {
    guard
      text.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\"")].contains($0) })
        || text.hasPrefix("#")
    else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
