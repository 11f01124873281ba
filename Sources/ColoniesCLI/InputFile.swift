internal import Files
internal import Glibc

/// A file that the user names.
struct InputFile {
  /// Larger files are refused: no file that this program reads comes near it.
  private static let largest = 64 << 20

  /// Where it is; `-` is the standard input.
  let path: String

  /// What is in it.
  /// - Throws: `CommandError`.
  func read() throws -> [UInt8] {
    do {
      if path == "-" {
        return try File.bytes(from: STDIN_FILENO, "the standard input", limit: Self.largest)
      }
      return try File.bytes(path, limit: Self.largest)
    } catch {
      throw CommandError(error.description)
    }
  }
}
