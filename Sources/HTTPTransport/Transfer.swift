internal import CCurl
internal import Locking

/// One exchange: what libcurl's callbacks fill and a task empties.
final class Transfer: @unchecked Sendable {
  // Sendable although it has mutable parts: `state` is behind its lock; `handle`, the lists and
  // `errorBuffer` are touched only by the event loop's thread, between `makeHandle` and `freeHandle`.

  /// How a transfer ended.
  enum End: Sendable {
    case done(CURLcode)
    case cancelled
    case shutDown
    /// It could not begin.
    case invalid
  }

  private enum Phase {
    case running
    case finished(HTTPTransportError?)
  }

  private struct State {
    var phase = Phase.running
    var head: HTTPResponseHead?
    /// The fields so far, until the empty line behind them.
    var incomplete = HTTPResponseHead(status: 0, version: "", headers: [])
    var body: [UInt8] = []
    var isPaused = false
    var isTooLarge = false
    /// Whoever waits, for the head, the next piece or the end.
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let request: HTTPRequest
  private let configuration: TransportConfiguration
  private let keepsWholeBody: Bool
  private let state = Locked(State())
  private(set) var handle: OpaquePointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var connectList: UnsafeMutablePointer<curl_slist>?
  private let errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// The body's bytes at an address that stays, for libcurl to read.
  private let bodyBytes: UnsafeMutableBufferPointer<UInt8>

  /// Above this many bytes a stream's sender is made to wait.
  private static let bufferedBytes = 256 << 10

  init(_ request: HTTPRequest, _ configuration: TransportConfiguration, keepsWholeBody: Bool)
    throws(HTTPTransportError)
  {
    try Self.check(request)
    self.request = request
    self.configuration = configuration
    self.keepsWholeBody = keepsWholeBody
    let body = request.body ?? []
    bodyBytes = .allocate(capacity: max(1, body.count))
    _ = bodyBytes.initialize(from: body)
    errorBuffer.initialize(to: 0)
  }

  deinit {
    bodyBytes.deallocate()
    errorBuffer.deallocate()
  }

  private static func check(_ request: HTTPRequest) throws(HTTPTransportError) {
    let url = curl_url()
    defer { curl_url_cleanup(url) }
    let status = curl_url_set(url, CURLUPART_URL, request.url, 0)
    guard status == CURLUE_OK, request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
      throw HTTPTransportError(
        .invalidRequest, "\"\(request.shownURL)\" is not an http or https URL")
    }
    let fields = request.headers.flatMap { [$0.name, $0.value] } + [request.method, request.bearerToken ?? ""]
    guard !fields.contains(where: { $0.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) }) else {
      throw HTTPTransportError(.invalidRequest, "\(request): a header field contains a line end")
    }
  }

  // MARK: For the waiting task

  /// The whole response.
  func whole(loop: EventLoop) async throws(HTTPTransportError) -> HTTPResponse {
    loop.enqueue(.start(self))
    while true {
      if let response = try take({ state throws(HTTPTransportError) -> HTTPResponse? in
        guard case .finished(let error) = state.phase else { return nil }
        if let error { throw error }
        guard let head = state.head else { throw self.error(.invalidResponse, "there was no response") }
        return HTTPResponse(head: head, body: state.body)
      }) { return response }
      await wait(loop: loop)
    }
  }

  /// The response's head, as soon as it is there.
  func head(loop: EventLoop) async throws(HTTPTransportError) -> HTTPResponseHead {
    loop.enqueue(.start(self))
    while true {
      if let head = try take({ state throws(HTTPTransportError) -> HTTPResponseHead? in
        if let head = state.head { return head }
        guard case .finished(let error) = state.phase else { return nil }
        throw error ?? self.error(.invalidResponse, "there was no response")
      }) { return head }
      await wait(loop: loop)
    }
  }

  /// The next piece of the body, or nil at its end.
  func nextChunk(loop: EventLoop) async throws(HTTPTransportError) -> [UInt8]? {
    while true {
      if Task.isCancelled {
        loop.enqueue(.cancel(self))
        throw error(.cancelled, "the task was cancelled")
      }
      let (chunk, wasPaused, isOver) = try take {
        state throws(HTTPTransportError) -> ([UInt8], Bool, Bool) in
        if !state.body.isEmpty {
          defer {
            state.body = []
            state.isPaused = false
          }
          return (state.body, state.isPaused, false)
        }
        guard case .finished(let error) = state.phase else { return ([], false, false) }
        if let error { throw error }
        return ([], false, true)
      }
      if wasPaused { loop.enqueue(.resume(self)) }
      if !chunk.isEmpty { return chunk }
      if isOver { return nil }
      await wait(loop: loop)
    }
  }

  private func take<Value>(
    _ body: (inout State) throws(HTTPTransportError) -> Value
  ) throws(HTTPTransportError) -> Value {
    let result = state.withLock { state in
      nonisolated(unsafe) let result = Result<Value, HTTPTransportError> { () throws(HTTPTransportError) in
        try body(&state)
      }
      return result
    }
    return try result.get()
  }

  /// Waits until something has changed. A cancelled task stops the transfer, and sees that as its end.
  private func wait(loop: EventLoop) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let hasChanged = state.withLock { state in
          if case .finished = state.phase { return true }
          if !keepsWholeBody, state.head != nil, !state.body.isEmpty { return true }
          state.waiter = continuation
          return false
        }
        if hasChanged { continuation.resume() }
      }
    } onCancel: {
      // Finished at once, so that the task does not wait for the thread; the thread frees the handle.
      finish(.cancelled)
      loop.enqueue(.cancel(self))
    }
  }

  // MARK: For the event loop

  var isFinished: Bool {
    state.withLock { state in
      if case .finished = state.phase { return true }
      return false
    }
  }

  func finish(_ end: End) {
    let error = error(for: end)
    wake { state in
      if case .finished = state.phase { return }
      state.phase = .finished(error)
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let waiter = state.withLock { state in
      change(&state)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Makes libcurl's handle of this transfer, or nil when it cannot be made.
  func makeHandle() -> OpaquePointer? {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    let isSecure = request.url.hasPrefix("https://")
    curl_set_string(handle, CURLOPT_URL, effectiveURL)
    curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_long(
      handle, CURLOPT_HTTP_VERSION, Int(isSecure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
    // Waits to share a connection where HTTP/2 may allow it; over plain HTTP it would only serialize.
    curl_set_long(handle, CURLOPT_PIPEWAIT, isSecure ? 1 : 0)
    curl_set_long(handle, CURLOPT_BUFFERSIZE, Self.bufferedBytes)
    curl_set_string(handle, CURLOPT_USERAGENT, configuration.userAgent)
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer)
    setTimes(handle)
    setMethod(handle)
    setHeaders(handle)
    setCallbacks(handle)
    setProxy(handle)
    if isSecure { setTLS(handle) }
    return handle
  }

  func freeHandle() {
    if let handle { curl_easy_cleanup(handle) }
    handle = nil
    curl_slist_free_all(headerList)
    headerList = nil
    curl_slist_free_all(connectList)
    connectList = nil
  }

  private func setTimes(_ handle: OpaquePointer) {
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.wholeMilliseconds)
    if let deadline = request.deadline {
      curl_set_long(handle, CURLOPT_TIMEOUT_MS, deadline.wholeMilliseconds)
    }
    if let idle = request.idleTimeout {
      curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
      curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, idle.wholeMilliseconds / 1000))
    }
  }

  private func setMethod(_ handle: OpaquePointer) {
    if request.body != nil {
      curl_set_long(handle, CURLOPT_POST, 1)
      curl_set_pointer(handle, CURLOPT_POSTFIELDS, bodyBytes.baseAddress)
      curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body?.count ?? 0))
    } else if request.method == "HEAD" {
      curl_set_long(handle, CURLOPT_NOBODY, 1)
    } else {
      curl_set_long(handle, CURLOPT_HTTPGET, 1)
    }
    curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
  }

  private func setHeaders(_ handle: OpaquePointer) {
    // A server that knows no `Expect` would cost a second before each large body.
    var lines = ["Expect:"]
    lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    if let token = request.bearerToken { lines.append("Authorization: Bearer \(token)") }
    for line in lines { headerList = curl_slist_append(headerList, line) }
    curl_set_list(handle, CURLOPT_HTTPHEADER, headerList)
  }

  private func setCallbacks(_ handle: OpaquePointer) {
    // Not retained: the event loop holds the transfer as long as the handle is its.
    let context = Unmanaged.passUnretained(self).toOpaque()
    curl_set_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveHeader(line)
      return size * count
    }
    curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    curl_set_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveBody(piece)
    }
    curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
  }

  private func setProxy(_ handle: OpaquePointer) {
    switch configuration.proxy {
    case .environment: break
    case .none: curl_set_string(handle, CURLOPT_NOPROXY, "*")
    case .url(let url):
      curl_set_string(handle, CURLOPT_PROXY, url)
      curl_set_string(handle, CURLOPT_NOPROXY, "")
    }
  }

  private func setTLS(_ handle: OpaquePointer) {
    if let authorities = configuration.authorities {
      set(handle, authorities, file: CURLOPT_CAINFO, bytes: CURLOPT_CAINFO_BLOB)
      // Debian's libcurl trusts a directory of authorities as well, unless told not to.
      curl_set_string(handle, CURLOPT_CAPATH, nil)
    }
    if let certificate = configuration.clientCertificate {
      set(handle, certificate.certificate, file: CURLOPT_SSLCERT, bytes: CURLOPT_SSLCERT_BLOB)
      set(handle, certificate.key, file: CURLOPT_SSLKEY, bytes: CURLOPT_SSLKEY_BLOB)
    }
    if configuration.skipsVerification {
      curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
      curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
    }
    if let pin = configuration.pinnedPublicKey {
      curl_set_string(handle, CURLOPT_PINNEDPUBLICKEY, pin)
    }
    if configuration.serverName != nil {
      connectList = curl_slist_append(nil, "::\(urlPart(CURLUPART_HOST)):\(urlPart(CURLUPART_PORT))")
      curl_set_list(handle, CURLOPT_CONNECT_TO, connectList)
    }
  }

  private func set(
    _ handle: OpaquePointer, _ pem: TransportConfiguration.PEM, file: CURLoption, bytes: CURLoption
  ) {
    switch pem {
    case .file(let path): curl_set_string(handle, file, path)
    case .bytes(let content): curl_set_blob(handle, bytes, content, content.count)
    }
  }

  /// The URL with the name that the server's certificate is checked for. The connection goes to the real
  /// host all the same.
  private var effectiveURL: String {
    guard let serverName = configuration.serverName, let url = curl_url() else { return request.url }
    defer { curl_url_cleanup(url) }
    curl_url_set(url, CURLUPART_URL, request.url, 0)
    curl_url_set(url, CURLUPART_HOST, serverName, 0)
    return Self.text(url, CURLUPART_URL) ?? request.url
  }

  private func urlPart(_ part: CURLUPart) -> String {
    guard let url = curl_url() else { return "" }
    defer { curl_url_cleanup(url) }
    curl_url_set(url, CURLUPART_URL, request.url, 0)
    return Self.text(url, part) ?? ""
  }

  private static func text(_ url: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  // MARK: For libcurl's callbacks

  private func receiveHeader(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self).trimmedLine
    wake { state in
      if line.hasPrefix("HTTP/") {
        let parts = line.split(separator: " ", maxSplits: 2)
        let status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let version = parts.first.map { $0.dropFirst(5) } ?? ""
        state.incomplete = HTTPResponseHead(status: status, version: String(version), headers: [])
      } else if line.isEmpty {
        // A response of the hundreds only announces the real one.
        if state.incomplete.status >= 200 { state.head = state.incomplete }
      } else if let colon = line.firstIndex(of: ":"), state.head == nil {
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        state.incomplete.headers.append((String(line[..<colon]), String(value)))
      }
    }
  }

  /// - Returns: How many bytes were taken; anything else than all tells libcurl to wait or to stop.
  private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    var taken = bytes.count
    let limit = request.maximumResponseBytes
    wake { state in
      if keepsWholeBody {
        guard state.body.count + bytes.count <= limit else {
          state.isTooLarge = true
          taken = 0
          return
        }
      } else if !state.body.isEmpty, state.body.count + bytes.count > Self.bufferedBytes {
        // libcurl hands the same bytes over again when the transfer goes on.
        state.isPaused = true
        taken = Int(CURL_WRITEFUNC_PAUSE)
        return
      }
      state.body.append(contentsOf: bytes)
    }
    return taken
  }

  // MARK: Errors

  private func error(_ code: HTTPTransportError.Code, _ detail: String) -> HTTPTransportError {
    HTTPTransportError(code, "\(request): \(detail)")
  }

  private func error(for end: End) -> HTTPTransportError? {
    switch end {
    case .cancelled: return error(.cancelled, "the task was cancelled")
    case .shutDown: return error(.shutDown, "the transport was shut down")
    case .invalid: return error(.invalidRequest, "libcurl could not begin")
    case .done(CURLE_OK): return nil
    case .done(let code):
      if state.withLock({ $0.isTooLarge }) {
        return error(.tooLarge, "the response is larger than \(request.maximumResponseBytes) bytes")
      }
      // The buffer may hold what went wrong on another, older connection: the code's own text comes first.
      var text = String(cString: curl_easy_strerror(code))
      let detail = String(cString: errorBuffer)
      if !detail.isEmpty { text += " (\(detail))" }
      return error(Self.errorCode(code, isIdle: isIdle(code)), text)
    }
  }

  /// libcurl reports both time-outs with one code; the idle one comes before the deadline.
  private func isIdle(_ code: CURLcode) -> Bool {
    code == CURLE_OPERATION_TIMEDOUT && request.idleTimeout != nil
      && String(cString: errorBuffer).hasPrefix("Operation too slow")
  }

  private static func errorCode(_ code: CURLcode, isIdle: Bool) -> HTTPTransportError.Code {
    switch code {
    case CURLE_OPERATION_TIMEDOUT: isIdle ? .idle : .deadlineExceeded
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolution
    case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED: .connection
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      .tls
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2: .invalidResponse
    default: .interrupted
    }
  }
}

extension Duration {
  /// Milliseconds, rounded up and at least one: to libcurl 0 means without limit.
  fileprivate var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds < Int64(Int32.max) else { return Int(Int32.max) }
    let milliseconds = Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    return max(1, milliseconds)
  }
}

extension String {
  fileprivate var trimmedLine: Substring {
    var line = self[...]
    while let last = line.unicodeScalars.last, last == "\r" || last == "\n" { line.unicodeScalars.removeLast() }
    return line
  }
}
