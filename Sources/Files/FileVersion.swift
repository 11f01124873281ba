#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What tells one state of a file from another without reading it.
package struct FileVersion: Sendable, Hashable {
  /// Where the path leads to in the end: mounted configurations are changed by moving a symbolic link.
  private let target: String
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// The state that a file is in now.
  package init(of path: String) throws(FileError) {
    guard let resolved = realpath(path, nil) else { throw .last(.read, path) }
    defer { free(resolved) }
    var status = stat()
    guard stat(resolved, &status) == 0 else { throw .last(.read, path) }
    target = String(cString: resolved)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
