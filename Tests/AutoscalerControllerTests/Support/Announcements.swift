import Dispatch
import Glibc
import TestSupport

/// A named pipe through which child processes tell a test, line by line, what they have done.
final class Announcements: Sendable {
  let path: String
  private let lines: AsyncStream<String>

  init(_ folder: TemporaryDirectory) {
    let path = "\(folder.path)/announcements"
    precondition(mkfifo(path, 0o600) == 0, "a pipe can be made")
    // Open for writing too, so that it does not end when the last child closes it.
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    precondition(descriptor >= 0, "the pipe can be opened")
    let (lines, intake) = AsyncStream.makeStream(of: String.self)
    self.path = path
    self.lines = lines
    // A thread of its own, as reading blocks. It ends with the line that `deinit` writes.
    DispatchQueue(label: "announcements").async {
      var rest: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1_024)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { break }
        rest += buffer[..<count]
        while let end = rest.firstIndex(of: 10) {
          let line = String(decoding: rest[..<end], as: UTF8.self)
          rest.removeFirst(end + 1)
          if line == "end" {
            close(descriptor)
            return
          }
          intake.yield(line)
        }
      }
    }
  }

  deinit {
    let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    _ = write(descriptor, "end\n", 4)
    close(descriptor)
  }

  /// The next lines, as many as asked for; fewer when the test is cancelled.
  func next(_ count: Int = 1) async -> [String] {
    var found: [String] = []
    if count == 0 { return found }
    for await line in lines {
      found.append(line)
      if found.count == count { break }
    }
    return found
  }
}
