internal import CCurl

/// One exchange as the loop's thread runs it: libcurl's handle, and what has to live as long as that. Used on
/// that thread only; libcurl calls back from there too.
final class ActiveTransfer {
  let transfer: Transfer
  let easy: OpaquePointer
  private let messages: UnsafeMutableBufferPointer<CChar>
  private let headerLines: CurlList
  private let connectTo: CurlList
  private var head = ResponseHeadParser()
  /// The reason for which a callback broke off, which libcurl does not know.
  private var verdict: HTTPTransportError?
  private let deadline: ContinuousClock.Instant?
  private var lastActivity: ContinuousClock.Instant
  private var uploaded: curl_off_t = 0
  private var isPaused = false
  private var attempts = 0

  var request: PreparedRequest { transfer.request }

  /// Whether libcurl has begun to send the request.
  var wasSent: Bool { attempts > 0 }

  init(
    _ transfer: Transfer, _ configuration: HTTPTransport.Configuration, now: ContinuousClock.Instant
  ) throws(HTTPTransportError) {
    guard let easy = curl_easy_init() else {
      throw HTTPTransportError(
        .failed, "\(transfer.request.summary): no memory", requestMayHaveBeenSent: false)
    }
    self.transfer = transfer
    self.easy = easy
    messages = .allocate(capacity: Int(CURL_ERROR_SIZE))
    messages.initialize(repeating: 0)
    deadline = transfer.request.deadline.map { now + $0 }
    lastActivity = now
    headerLines = CurlList(transfer.request.headerLines)
    connectTo = CurlList([transfer.request.target.connectTo].compactMap(\.self))
    let options = EasyOptions(easy: easy)
    try options.apply(configuration)
    try options.apply(transfer.request, headerLines: headerLines, connectTo: connectTo)
    try options.apply(
      callbacks: Unmanaged.passUnretained(self).toOpaque(), messages: messages.baseAddress)
  }

  deinit {
    curl_easy_cleanup(easy)
    messages.deallocate()
  }

  /// The transfer of a handle that libcurl names.
  static func owner(of easy: OpaquePointer) -> ActiveTransfer? {
    var context: UnsafeMutableRawPointer?
    curl_get_pointer(easy, CURLINFO_PRIVATE, &context)
    return context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Time

  var nextDeadline: ContinuousClock.Instant? {
    [deadline, idleDeadline].compactMap(\.self).min()
  }

  /// None while the reader is the one who is slow.
  private var idleDeadline: ContinuousClock.Instant? {
    isPaused ? nil : request.idleTimeout.map { lastActivity + $0 }
  }

  /// The error with which to end, if it is time to.
  func expiry(at now: ContinuousClock.Instant) -> HTTPTransportError? {
    if let deadline, deadline <= now { return error(.deadlineExceeded, "deadline exceeded") }
    guard let idleDeadline, idleDeadline <= now else { return nil }
    // Nothing has arrived, but a long body may be on its way out.
    var count: curl_off_t = 0
    curl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &count)
    guard count == uploaded else {
      uploaded = count
      lastActivity = now
      return nil
    }
    return error(.idleTimedOut, "nothing happened for too long")
  }

  // MARK: libcurl's callbacks

  /// Called each time the request is about to be sent on a connection.
  /// - Returns: Whether it may be.
  func willSend() -> Bool {
    attempts += 1
    // libcurl sends again when a connection that was kept open breaks before the answer. The server may have
    // acted on the first request, and only the caller knows what doing it twice means.
    guard attempts > 1, !request.method.isIdempotent else { return true }
    verdict = error(.connectionLost, "the connection broke before the answer")
    return false
  }

  /// - Returns: Whether to go on.
  func receiveHeaderLine(_ line: UnsafeRawBufferPointer) -> Bool {
    lastActivity = .now
    switch head.add(line) {
    case .incomplete: return true
    case .complete(let head):
      transfer.receive(head)
      return true
    case .tooLarge:
      verdict = error(.responseTooLarge, "the head of the answer is too large")
      return false
    }
  }

  /// - Returns: What libcurl's callback returns.
  func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    lastActivity = .now
    switch transfer.receive(bytes) {
    case .taken: return bytes.count
    case .postponed:
      isPaused = true
      return Int(CURL_WRITEFUNC_PAUSE)
    case .exceedsLimit:
      verdict = tooLarge
      return Self.breakOff(bytes)
    case .refused: return Self.breakOff(bytes)
    }
  }

  /// Every count but the one that was offered stops libcurl.
  private static func breakOff(_ bytes: UnsafeRawBufferPointer) -> Int { bytes.isEmpty ? 1 : 0 }

  /// Lets libcurl offer again what it kept.
  func resume(at now: ContinuousClock.Instant) {
    guard isPaused else { return }
    // Before the call, which may come back to `receiveBody` and pause again.
    isPaused = false
    lastActivity = now
    curl_easy_pause(easy, CURLPAUSE_CONT)
  }

  // MARK: The end

  /// What the exchange's end means to the reader.
  func outcome(_ code: CURLcode) -> Result<Void, HTTPTransportError> {
    if code == CURLE_OK { return .success(()) }
    if let verdict { return .failure(verdict) }
    if code == CURLE_FILESIZE_EXCEEDED { return .failure(tooLarge) }
    // The buffer may still hold words about another, dead connection: libcurl's name for the code comes
    // first.
    let words = messages.baseAddress.map { String(cString: $0) } ?? ""
    let failure = CurlFailure(code: code, words: words, wasSent: wasSent)
    return .failure(error(failure.code, String(cString: curl_easy_strerror(code)), detail: words))
  }

  private var tooLarge: HTTPTransportError {
    if case .whole(let limit) = request.mode {
      error(.responseTooLarge, "the body has more than \(limit) bytes")
    } else {
      error(.responseTooLarge, "the body is too large")
    }
  }

  private func error(
    _ code: HTTPTransportError.Code, _ problem: String, detail: String = ""
  ) -> HTTPTransportError {
    HTTPTransportError(
      code, "\(request.summary): \(problem)", detail: detail.isEmpty || detail == problem ? nil : detail,
      requestMayHaveBeenSent: wasSent)
  }
}
