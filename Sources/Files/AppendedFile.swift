#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A file that grows by whole lines, and that one program at a time writes. Only the user may read it.
///
/// A line is handed to the system at once: it survives the end of the program, though not that of the machine.
package final class AppendedFile {
  private let descriptor: Int32
  private let path: String
  /// The size in bytes.
  package private(set) var size: Int

  /// Opens a file, or makes it. A last line without an end is cut off: whoever wrote it was interrupted.
  /// - Throws: `EWOULDBLOCK` while another program writes it, `EINVAL` when it is no regular file.
  package init(_ path: String) throws(FileError) {
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw .last(.write, path) }
    self.path = path
    do throws(FileError) {
      size = try Self.prepare(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    // Not by closing alone: a child that is being started has the descriptor too, until it runs its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func prepare(_ descriptor: Int32, _ path: String) throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last(.write, path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(.write, path, code: EINVAL) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fchmod(descriptor, 0o600) == 0 else {
      throw .last(.write, path)
    }
    let complete = try completeSize(descriptor, path, size: Int(status.st_size))
    guard complete == status.st_size || ftruncate(descriptor, off_t(complete)) == 0 else {
      throw .last(.write, path)
    }
    return complete
  }

  /// The size up to the end of the last line that has one.
  private static func completeSize(
    _ descriptor: Int32, _ path: String, size: Int
  ) throws(FileError) -> Int {
    var end = size
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while end > 0 {
      let begin = max(end - piece.count, 0)
      let count = pread(descriptor, &piece, end - begin, off_t(begin))
      guard count == end - begin else { throw .last(.read, path) }
      if let newline = piece[..<count].lastIndex(of: UInt8(ascii: "\n")) { return begin + newline + 1 }
      end = begin
    }
    return 0
  }

  /// Adds lines, all of them or none.
  package func append(_ lines: [UInt8]) throws(FileError) {
    do throws(FileError) {
      try File.write(lines, to: descriptor, path)
    } catch {
      // Half a line in the middle would spoil what comes after. If it cannot be cut off, it is the last one.
      ftruncate(descriptor, off_t(size))
      throw error
    }
    size += lines.count
  }
}
