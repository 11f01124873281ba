import Files
import Testing
import YAML

@testable import AutoscalerController

@Suite("The configuration's reference in the README")
struct ConfigurationReferenceTests {
  private static let readme: [Substring] = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = (try? File.text("/\(root)/README.md", limit: 1 << 20)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false)
  }()

  /// The keys of the reference's table. A key that begins with a dot is a sister of the one before it.
  private static var documented: Set<String> {
    var keys: Set<String> = []
    for line in readme where line.hasPrefix("| `servers.") || line.hasPrefix("| `scalers[]") {
      var parent = ""
      for (index, part) in line.split(separator: "|")[0].split(separator: "`").enumerated()
      where index % 2 == 1 {
        let key = part.hasPrefix(".") ? parent + part : String(part)
        keys.insert(key)
        parent = String(key[..<(key.lastIndex(of: ".") ?? key.startIndex)])
      }
    }
    return keys
  }

  /// The keys that the reader knows in a mapping, by what it says about one that it does not know.
  private func known(_ text: String, at path: String) -> Set<String> {
    do {
      _ = try AutoscalerConfiguration(reading: Array(text.utf8), file: "f")
    } catch {
      let message = error.problems.first { $0.path.hasSuffix("zzzzzzzzzz") }?.message ?? ""
      let prefix = "is not a known key; known keys are "
      if message.hasPrefix(prefix) {
        return Set(
          message.dropFirst(prefix.count).split(separator: ",").map { "\(path).\($0.drop { $0 == " " })" })
      }
    }
    Issue.record("nothing is said about the keys of \(path)")
    return []
  }

  private func server(_ more: String) -> String {
    "servers: {a: {host: a, port: 1\(more)}}\nscalers: []"
  }

  private func scaler(_ more: String, target: String = "kind: Deployment, name: d") -> String {
    "servers: {a: {host: a, port: 1}}\nscalers: [{name: s, target: {\(target)}, \(more)}]"
  }

  @Test("every key that the reader knows is documented, and no other")
  func complete() {
    let unknown = "zzzzzzzzzz: 1"
    let mappings: [(String, String)] = [
      ("servers.NAME", server(", \(unknown)")), ("scalers[]", scaler(unknown)),
      ("scalers[].colony", scaler("colony: {\(unknown)}")),
      ("scalers[].credentials", scaler("credentials: {\(unknown)}")),
      ("scalers[].ownerCredentials", scaler("ownerCredentials: {\(unknown)}")),
      ("scalers[].scaleDown", scaler("scaleDown: {\(unknown)}")),
      ("scalers[].queues[]", scaler("queues: [{\(unknown)}, {}]")),
      ("scalers[].schedules[]", scaler("schedules: [{\(unknown)}]")),
      ("scalers[].scaleUp", scaler("scaleUp: {\(unknown)}")),
      ("scalers[].fallback", scaler("fallback: {\(unknown)}")),
      ("scalers[].target", scaler("max: 1", target: "kind: Deployment, \(unknown)")),
      ("scalers[].target", scaler("max: 1", target: "kind: LocalProcesses, \(unknown)")),
    ]
    let keys = mappings.reduce(into: Set<String>()) { $0.formUnion(known($1.1, at: $1.0)) }
    // A mapping is documented by its keys.
    let leaves = keys.filter { key in !keys.contains { $0.hasPrefix(key + ".") || $0.hasPrefix(key + "[]") } }
    #expect(leaves.subtracting(Self.documented).sorted() == [])
    #expect(Self.documented.subtracting(leaves).sorted() == [])
  }

  @Test("the configurations that the README shows can be used")
  func examples() throws {
    let blocks = Self.readme.split { $0.hasPrefix("```") }
    let configurations = blocks.filter { $0.first?.hasPrefix("servers:") == true }
    #expect(!configurations.isEmpty)
    for block in configurations {
      _ = try AutoscalerConfiguration(reading: Array(block.joined(separator: "\n").utf8), file: "README.md")
    }
  }
}
