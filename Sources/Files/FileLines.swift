#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The lines of a file of any size, one after the other.
package struct FileLines: ~Copyable {
  /// A line without its end.
  package struct Line {
    /// The line's number; the first one is 1.
    package let number: Int
    package let bytes: ArraySlice<UInt8>
    /// Whether it has an end. Only the last one may have none: whoever wrote it was interrupted.
    package let isComplete: Bool
  }

  private let descriptor: Int32
  private let path: String
  private let longest: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var number = 0
  private var isAtEnd = false

  /// Opens a file.
  /// - Parameter longest: The most bytes that a line may have.
  package init(_ path: String, longest: Int) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.read, path) }
    self.path = path
    self.longest = longest
  }

  deinit { close(descriptor) }

  /// The next line; nil when there is none.
  /// - Throws: `EFBIG` for a line that is too long.
  package mutating func next() throws(FileError) -> Line? {
    while true {
      if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return line(buffer[position..<end], isComplete: true)
      }
      guard buffer.count - position <= longest else { throw FileError(.read, path, code: EFBIG) }
      if isAtEnd {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return line(buffer[position...], isComplete: false)
      }
      try fill()
    }
  }

  private mutating func line(_ bytes: ArraySlice<UInt8>, isComplete: Bool) -> Line {
    number += 1
    return Line(number: number, bytes: bytes, isComplete: isComplete)
  }

  private mutating func fill() throws(FileError) {
    buffer.removeFirst(position)
    position = 0
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(descriptor, &piece, piece.count)
    if count > 0 {
      buffer += piece[..<count]
    } else if count == 0 {
      isAtEnd = true
    } else if errno != EINTR {
      throw .last(.read, path)
    }
  }
}
