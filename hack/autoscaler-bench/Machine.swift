import Files
import Glibc

/// What the kernel says about this machine and its programs.
enum Machine {
  /// How many processors there are.
  static var processors: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

  /// The load averages of the last minute, 5 and 15 minutes.
  static var load: String {
    let text = (try? File.text("/proc/loadavg")) ?? ""
    return text.split(separator: " ").prefix(3).joined(separator: " ")
  }

  /// The most memory that a program ever had resident, in bytes; nil when it has ended.
  static func peakMemory(of pid: pid_t) -> Int? { memory("VmHWM", of: pid) }

  /// The resident memory of a program that is no part of any file, in bytes: what is its own alone, where pages
  /// of programs and libraries are shared and can be dropped. Nil when it has ended.
  static func ownMemory(of pid: pid_t) -> Int? { memory("RssAnon", of: pid) }

  private static func memory(_ name: String, of pid: pid_t) -> Int? {
    guard let text = try? File.text("/proc/\(pid)/status"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).first
    else { return nil }
    return kibibytes << 10
  }
}
