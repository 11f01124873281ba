import Files
import TestSupport

/// Chromium, without a window.
struct Browser {
  /// The colours that the person at the screen prefers.
  enum Scheme: Int, CaseIterable, Sendable {
    // The numbers are the program's.
    case dark = 0
    case light = 1
  }

  /// What came of a page.
  struct Opened {
    /// The document in the end.
    let document: String
    /// What the page's console says: errors of scripts, and what could not be understood.
    let console: [String]
  }

  let directory: TemporaryDirectory

  /// Opens a page and lets its scripts run.
  func open(_ page: String, _ scheme: Scheme = .light, width: Int = 1_280) async throws -> Opened {
    let (document, complaints) = try await run(
      scheme, ["--window-size=\(width),900", "--dump-dom", "file://\(page)"])
    return Opened(
      document: document,
      console: complaints.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") })
  }

  /// Prints a page to a file in PDF.
  func print(_ page: String, _ scheme: Scheme, to file: String) async throws {
    _ = try await run(scheme, ["--no-pdf-header-footer", "--print-to-pdf=\(file)", "file://\(page)"])
  }

  /// Runs the program, and tells what it prints and what it complains about.
  private func run(_ scheme: Scheme, _ arguments: [String]) async throws -> (String, String) {
    let run = TemporaryDirectory()
    let command = [
      "timeout", "--kill-after=5", "120", "chromium", "--headless", "--disable-gpu",
      "--disable-dev-shm-usage",
      // Its sandbox does not work for root, nor in most containers; the page is this test's own.
      "--no-sandbox", "--user-data-dir=\(run.file("profile"))",
      "--blink-settings=preferredColorScheme=\(scheme.rawValue)", "--enable-logging=stderr",
    ]
    let program = try ChildProcess(
      ["/bin/sh", "-c", "exec \"$@\" 2>\"$0\"", run.file("complaints")] + command + arguments,
      logFile: run.file("output"))
    let exit = await program.exit()
    let complaints = run.read("complaints") ?? ""
    guard exit == .code(0) else { throw Failure("chromium ended with \(exit): \(complaints)") }
    return (program.log, complaints)
  }
}
