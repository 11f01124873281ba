import Files
import JSON
import TestSupport
import Testing

/// The page that `simulate --html` writes, in a real browser.
@Suite("The report in a browser", .timeLimit(.minutes(10)))
struct ReportInBrowserTests {
  private static let workload = """
    duration: 2h
    sources:
      - {kind: Poisson, perHour: 60, serviceTime: {shape: LogNormal, median: 20s, sigma: 1}}
      - {kind: Bursts, every: 1h, spacing: Regular, first: 10m, size: 30, serviceTime: {shape: Constant, value: 30s}}
    """
  private static let policies = ["usual rules", "HPA", "KEDA", "WPA", "CPA"]

  private let directory = TemporaryDirectory()
  private var browser: Browser { Browser(directory: directory) }

  /// A report of five policies.
  private func page() async throws -> String {
    let page = directory.file("report.html")
    let program = try ChildProcess(
      [
        try BuiltProgram.path(of: "colonies-autoscaler"), "simulate", "--workload",
        directory.write(Self.workload, to: "workload.yaml"), "--html", page,
      ], logFile: directory.file("simulate.log"))
    guard await program.exit() == .code(0) else { throw Failure("no report: \(program.log)") }
    return page
  }

  /// What a person would see of a page.
  private func findings(
    _ page: String, _ scheme: Browser.Scheme, width: Int = 1_280
  ) async throws -> JSONValue {
    let script = try File.text(PythonEnvironment.resource("report_probe.js"))
    let text = try File.text(page, limit: 4 << 20)
    let probed = directory.write(
      text.replacing("</body>", with: "<script>\(script)</script></body>"), to: "probed.html")
    let opened = try await browser.open(probed, scheme, width: width)
    #expect(opened.console.isEmpty)
    let parts = opened.document.split(separator: "<pre id=\"findings\">")
    let found = try #require(parts.count == 2 ? parts[1].split(separator: "</pre>").first : nil)
    let json = found.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    return try JSONValue(parsing: Array(json.utf8))
  }

  @Test(
    "every policy is in every plot, and legible on light and dark screens", arguments: Browser.Scheme.allCases
  )
  func screen(scheme: Browser.Scheme) async throws {
    let found = try await findings(try await page(), scheme)
    #expect(found["isDark"]?.bool == (scheme == .dark))
    let brightness = try #require(found["page"]?.double)
    #expect(scheme == .dark ? brightness < 0.1 : brightness > 0.9)
    // What the Web Content Accessibility Guidelines want of text, and of what a plot is made of. Areas are told from the
    // page by lines, too.
    for (name, least) in [
      ("textContrast", 4.5), ("lineContrast", 3), ("markContrast", 3), ("areaContrast", 1.4),
    ] {
      let contrast = try #require(found[name]?.double)
      #expect(contrast >= least, "\(name)")
    }
    #expect(try #require(found["texts"]?.int) > 100)
    #expect(found["rows"]?.int == Self.policies.count)

    let images = try #require(found["images"]?.array)
    #expect(
      images.compactMap { $0["title"]?.string } == ["Cost against wait", "How long processes waited"]
        + Self.policies.map { "\($0) over time" })
    for image in images {
      #expect(try #require(image["width"]?.double) > 900)
      #expect(try #require(image["height"]?.double) > 200)
      #expect(image["cut"] == [], "labels that are cut off in \(image["title"]?.string ?? "")")
    }
    #expect(images[0]["marks"]?.int == Self.policies.count)
    let series = Self.policies.indices.map { "line c\($0)" }
    #expect(try lines(images[1]) == series)
    for image in images.dropFirst(2) {
      #expect(try lines(image) == ["line ready", "line wanted"])
      #expect(image["areas"] == ["area demand", "area waiting"])
    }
  }

  /// The names of a plot's lines, each of which is to have many points and to be drawn.
  private func lines(_ image: JSONValue) throws -> [String] {
    try #require(image["lines"]?.array).map { line in
      let name = try #require(line["name"]?.string)
      #expect(try #require(line["points"]?.int) > 10, "\(name)")
      #expect(try #require(line["length"]?.double) > 500, "\(name)")
      return name
    }
  }

  @Test("on a narrow screen only tables and plots are scrolled, not the page")
  func narrow() async throws {
    let found = try await findings(try await page(), .light, width: 500)
    #expect(try #require(found["overflow"]?.int) <= 0)
  }

  @Test(
    "printed it is dark on white, whatever the screen is, with every policy",
    arguments: Browser.Scheme.allCases)
  func paper(scheme: Browser.Scheme) async throws {
    let file = directory.file("report.pdf")
    try await browser.print(try await page(), scheme, to: file)
    let lines = try await output(["pdftotext", file, "-"]).split(separator: "\n").map(String.init)
    for policy in Self.policies { #expect(lines.contains(policy)) }
    // The first page in grey, a byte for each point.
    let points = directory.file("page")
    _ = try await output(["pdftoppm", "-r", "20", "-gray", "-singlefile", file, points])
    let image = try File.bytes("\(points).pgm", limit: 4 << 20)
    #expect(image.starts(with: Array("P5".utf8)) && image.count > 10_000)
    let white = image.count { $0 > 240 }
    #expect(white * 10 > image.count * 7)
    #expect(image.contains { $0 < 100 })
  }

  private func output(_ command: [String]) async throws -> String {
    let program = try ChildProcess(["timeout", "60"] + command, logFile: directory.file("output"))
    guard await program.exit() == .code(0) else { throw Failure("\(command[0]): \(program.log)") }
    return program.log
  }

  @Test("what a browser does not understand would be seen")
  func control() async throws {
    let page = directory.write(
      "<!DOCTYPE html><svg><path d=\"M0 nan\"/></svg><script>missing()</script>", to: "bad.html")
    let console = try await browser.open(page).console
    #expect(console.count == 2)
    #expect(console.contains { $0.contains("attribute d: Expected number") })
    #expect(console.contains { $0.contains("missing is not defined") })
  }
}
