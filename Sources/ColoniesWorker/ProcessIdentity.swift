internal import Colonies
internal import Files

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Which process of the operating system: numbers are used again, so the time it began belongs to it.
public struct ProcessIdentity: Sendable, Hashable {
  /// The process's number.
  public var number: Int32
  /// When it began, in the kernel's clock ticks since the machine started.
  public var startTime: UInt64

  init(number: Int32, startTime: UInt64) {
    self.number = number
    self.startTime = startTime
  }

  /// The process of a number, or nil when there is none.
  public init?(number: Int32) {
    guard let stat = try? File.text("/proc/\(number)/stat"), let start = Self.startTime(stat: stat) else {
      // No such file is how the kernel says that there is no such process.
      return nil
    }
    self.init(number: number, startTime: start)
  }

  /// This process.
  public static var current: ProcessIdentity {
    ProcessIdentity(number: getpid()) ?? ProcessIdentity(number: getpid(), startTime: 0)
  }

  /// Whether the process is still there, and not only its exit status.
  var isAlive: Bool { ProcessIdentity(number: number) == self }

  /// Sends a signal to the process, if it is still there.
  func signal(_ signal: Int32) -> Bool { isAlive && kill(number, signal) == 0 }

  /// A name that no other worker has: host, process and eight random hexadecimal digits.
  public static func uniqueName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, buffer.count - 1)
    let host = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return "\(host.isEmpty ? "worker" : host)-\(getpid())-\(SecureRandom.identifier().prefix(8))"
  }

  /// Field 22 of `/proc/PID/stat`; nil for a process that has ended and is only waited for. The second field
  /// is the program's name and may contain anything, so fields are counted from its closing parenthesis.
  static func startTime(stat: String) -> UInt64? {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return UInt64(fields[19])
  }
}
