/// Puts an answer's head together from the lines that libcurl passes on.
struct ResponseHeadParser {
  /// How large a head may be; the largest that usual servers send or accept.
  private static let maxBytes = 256 << 10

  enum Step {
    /// More lines are to come.
    case incomplete
    case complete(ResponseHead)
    case tooLarge
  }

  private var status = 0
  private var version = HTTPVersion.http1_1
  private var headers = HTTPHeaders()
  private var bytes = 0
  private var isComplete = false

  /// Takes one line, with its end.
  mutating func add(_ line: UnsafeRawBufferPointer) -> Step {
    // Fields behind the body.
    if isComplete { return .incomplete }
    bytes += line.count
    guard bytes <= Self.maxBytes else { return .tooLarge }
    let text = String(decoding: line.trimmed, as: UTF8.self)
    if text.isEmpty { return finish() }
    if text.hasPrefix("HTTP/") {
      start(text)
    } else if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
      headers.extendLast(by: text)
    } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
      let value = text.utf8[text.utf8.index(after: colon)...].drop(while: \.isBlank)
      headers.append(name: String(text[..<colon]), value: String(Substring(value)))
    }
    return .incomplete
  }

  private mutating func start(_ statusLine: String) {
    let words = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
    version = HTTPVersion(rawValue: words.first.map(String.init) ?? "") ?? .http1_1
    status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    headers = HTTPHeaders()
  }

  private mutating func finish() -> Step {
    // Another head follows those that only say that the server is at work.
    if 100..<200 ~= status, status != 101 { return .incomplete }
    isComplete = true
    return .complete(ResponseHead(status: status, version: version, headers: headers))
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || 0x09...0x0d ~= self }
}

extension UnsafeRawBufferPointer {
  fileprivate var trimmed: Slice<UnsafeRawBufferPointer> {
    var rest = self[...]
    while let last = rest.last, last.isBlank { rest.removeLast() }
    while let first = rest.first, first.isBlank { rest.removeFirst() }
    return rest
  }
}
