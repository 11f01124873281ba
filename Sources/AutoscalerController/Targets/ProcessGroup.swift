internal import Files
internal import Glibc

/// The process group that a worker leads: the worker, and what it has started.
struct ProcessGroup: Sendable, Hashable {
  /// The leader's number, which is the group's too.
  let number: pid_t

  /// Sends a signal to all of its processes.
  func signal(_ signal: CInt) { kill(-number, signal) }

  /// Whether any of its processes still does something.
  var isAlive: Bool {
    guard kill(-number, 0) == 0 else { return false }
    // Processes that have ended are there until somebody looks at their exit status, which, after the leader's
    // end, is the system's first process, in its own time.
    return Self.processNumbers.contains { process in
      guard let stat = try? File.text("/proc/\(process)/stat") else { return false }
      return isLiving(stat: stat)
    }
  }

  /// Reads state and group from `/proc/PID/stat`. The name before them, in parentheses, may contain anything.
  private func isLiving(stat: String) -> Bool {
    guard let end = stat.lastIndex(of: ")") else { return false }
    let fields = stat[stat.index(after: end)...].split(separator: " ", maxSplits: 3)
    guard fields.count > 2 else { return false }
    return fields[2] == "\(number)" && fields[0] != "Z" && fields[0] != "X"
  }

  private static var processNumbers: [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var numbers: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { name in
        String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = pid_t(name) { numbers.append(number) }
    }
    return numbers
  }
}
