import Files
import MemoryFootprint
import Testing

struct MemoryFootprintTests {
  @Test("what was freed between things that stay goes back to the system")
  func trimHeap() throws {
    let size = 1_000
    var blocks = (0..<64_000).map { _ in
      let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      block.initializeMemory(as: UInt8.self, repeating: 1, count: size)
      return block
    }
    // The last one stays, so that the heap does not shrink by itself.
    let last = blocks.removeLast()
    defer { last.deallocate() }
    for block in blocks { block.deallocate() }
    let before = try ownBytes()
    MemoryFootprint.trimHeap()
    let after = try ownBytes()
    // Other tests run at the same time, and need less than this.
    #expect(before - after > 32 << 20)
  }

  /// The resident memory that is in no file.
  private func ownBytes() throws -> Int {
    let status = try File.text("/proc/self/status")
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    let fields = line.split { $0 == " " || $0 == "\t" }
    return try #require(Int(fields[1])) << 10
  }
}
