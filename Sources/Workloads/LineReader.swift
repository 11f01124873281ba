internal import Files
internal import Glibc

/// Reads a file line by line with memory for one line and one block, whatever the file's length.
///
/// Not shared: whoever made it is the only one to read from it.
final class LineReader {
  /// The longest line, in bytes.
  static let longestLine = 4_096
  private static let blockSize = 64 << 10

  let file: String
  /// The number of the line that was read last.
  private(set) var lineNumber = 0
  private let descriptor: Int32
  private var block: [UInt8]
  private var next = 0
  private var end = 0
  private var isAtEnd = false

  /// Opens a file.
  init(_ path: String) throws(WorkloadError) {
    file = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    block = [UInt8](repeating: 0, count: Self.blockSize)
    guard descriptor >= 0 else { throw systemError() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The next line without its end (`\n` or `\r\n`), or nil at the end of the file.
  func line() throws(WorkloadError) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if next == end, try !fill() {
        if line.isEmpty { return nil }
        lineNumber += 1
        return line
      }
      let rest = block[next..<end]
      let newline = rest.firstIndex(of: UInt8(ascii: "\n"))
      line += rest[..<(newline ?? end)]
      next = newline.map { $0 + 1 } ?? end
      guard line.count <= Self.longestLine else {
        throw WorkloadError(
          file: file, line: lineNumber + 1,
          message: "is longer than \(Self.longestLine) bytes; is this a text?")
      }
      guard newline != nil else { continue }
      lineNumber += 1
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      return line
    }
  }

  /// Reads the next block; false at the end of the file.
  private func fill() throws(WorkloadError) -> Bool {
    guard !isAtEnd else { return false }
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw systemError()
      }
      next = 0
      end = count
      isAtEnd = count == 0
      return !isAtEnd
    }
  }

  private func systemError() -> WorkloadError {
    WorkloadError(file: file, message: "cannot be read: \(FileError(.read, file, code: errno).reason)")
  }
}
