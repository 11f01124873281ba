import Glibc
import TestSupport

extension TemporaryDirectory {
  func bytes(_ name: String) throws -> [UInt8] {
    guard let file = fopen(file(name), "r") else { throw ChildProcess.Failed(description: "no file \(name)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    guard let file = fopen(file(name), "w") else { throw ChildProcess.Failed(description: "no file \(name)") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw ChildProcess.Failed(description: "could not write \(name)")
    }
  }
}
