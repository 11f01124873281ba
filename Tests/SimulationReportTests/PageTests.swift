import Simulation
import SimulationReport
import Testing

@Suite("The report as a page")
struct PageTests {
  private func texts(_ elements: [PageReader.Element], _ name: String) -> [String] {
    elements.filter { $0.name == name }.map(\.text)
  }

  @Test("is well-formed, loads nothing, runs nothing, and has every policy in every part")
  func complete() throws {
    let report = try Rehearsal.report(names: ["keep 60 s", "keep 300 s", "keep 540 s"])
    let elements = try PageReader.read(report.html)
    #expect(report.html.hasPrefix("<!DOCTYPE html>\n"))
    #expect(elements.allSatisfy { !["script", "link", "img", "iframe", "object"].contains($0.name) })
    for element in elements {
      for name in element.attributes.keys {
        #expect(!["src", "href", "style"].contains(name) && !name.hasPrefix("on"))
      }
    }
    #expect(!texts(elements, "style").joined().contains("url("))
    let rows = elements.filter { $0.name == "tr" && $0.parents.last == "tbody" }
    #expect(rows.count == 3)
    for (row, entry) in zip(rows, report.entries) {
      #expect(row.text.hasPrefix(entry.outcome.name))
      #expect(row.text.contains("\(entry.outcome.changes)"))
    }
    for entry in report.entries {
      #expect(texts(elements, "h3").contains(entry.outcome.name))
      #expect(texts(elements, "figcaption").contains(entry.policy))
      #expect(texts(elements, "dd").contains(entry.policy))
    }
    #expect(texts(elements, "dt").contains("start-up") && texts(elements, "dd").contains("10 s"))
    // Cost against wait, the distribution of waits, and one timeline each.
    #expect(elements.count { $0.name == "svg" && $0.attributes["role"] == "img" } == 5)
  }

  @Test("every image has a name and a description, and tells its lines apart by more than colour")
  func accessible() throws {
    let report = try Rehearsal.report()
    let elements = try PageReader.read(report.html)
    let identifiers = elements.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count)
    for image in elements where image.name == "svg" {
      if image.attributes["aria-hidden"] == "true" { continue }
      let named = try #require(image.attributes["aria-labelledby"]).split(separator: " ").map(String.init)
      #expect(named.count == 2)
      for name in named {
        let text = elements.first { $0.attributes["id"] == name }?.text ?? ""
        #expect(!text.isEmpty)
      }
    }
    let lines = elements.filter { $0.attributes["class"]?.hasPrefix("line c") == true }
    let dashes = Set(lines.compactMap { $0.attributes["stroke-dasharray"] })
    #expect(dashes.count == 2)
    #expect(elements.contains { $0.attributes["class"] == "mark c0" && $0.name == "circle" })
    #expect(elements.contains { $0.attributes["class"] == "mark c1" && $0.name == "path" })
  }

  @Test("names that mean something to a browser are only text")
  func hostile() throws {
    let name = "<script>alert(\"1\")</script> & 'x' \u{1} é 漢"
    var report = try Rehearsal.report(names: [name])
    report.workload = "]]> <!-- & -->"
    report.assumptions = [.init("a<b", "c>d\"")]
    let elements = try PageReader.read(report.html)
    #expect(!elements.contains { $0.name == "script" })
    let shown = name.replacing("\u{1}", with: "\u{fffd}")
    #expect(texts(elements, "h3") == [shown])
    #expect(texts(elements, "h1") == ["Rehearsal: ]]> <!-- & -->"])
    #expect(texts(elements, "dd").contains("c>d\""))
  }

  @Test(
    "plots stay inside their frames, whatever there is to show",
    arguments: [
      [], Rehearsal.workload(1, service: 0), Rehearsal.workload(1, service: 4_000),
      Rehearsal.workload(500, gap: 0), Rehearsal.workload(3, gap: 2_000), Rehearsal.workload(50),
    ])
  func frames(workload: [SimulatedProcess]) throws {
    let names = (0..<12).map { "a policy with quite a long name \($0)" }
    let elements = try PageReader.read(try Rehearsal.report(names: names, workload).html)
    var count = 0
    for element in elements where element.parents.contains("svg") {
      for (name, value) in element.attributes
      where ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy"].contains(name) {
        let number = try #require(Double(value), "\(element)")
        #expect((0...960).contains(number), "\(element)")
        count += 1
      }
      guard let path = element.attributes["d"] else { continue }
      #expect(!path.contains("–") && !path.contains("nan") && !path.contains("inf"), "\(path.prefix(80))")
    }
    #expect(count > 100)
  }
}
