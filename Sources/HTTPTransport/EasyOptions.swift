internal import CCurl

/// Sets a handle's options. Every refusal by libcurl is an error: a security option that is silently missing
/// would be worse than no request.
struct EasyOptions {
  let easy: OpaquePointer

  /// Every exchange has one for as long as it lasts, and hundreds may be under way.
  private static let bufferBytes = 16 << 10

  // MARK: What every exchange of a transport has

  func apply(_ configuration: HTTPTransport.Configuration) throws(HTTPTransportError) {
    // Signals belong to the program.
    try set(CURLOPT_NOSIGNAL, true)
    // Otherwise taking a handle away waits for the resolver's thread, and with it every other exchange.
    try set(CURLOPT_QUICK_EXIT, true)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_BUFFERSIZE, Self.bufferBytes)
    try set(CURLOPT_TCP_NODELAY, true)
    // A server that vanished without a word is noticed after 90 seconds, even by a silent stream.
    try set(CURLOPT_TCP_KEEPALIVE, true)
    try set(CURLOPT_TCP_KEEPIDLE, 30)
    try set(CURLOPT_TCP_KEEPINTVL, 15)
    try set(CURLOPT_USERAGENT, configuration.userAgent)
    try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    try apply(configuration.proxy)
    try apply(configuration.tls)
  }

  private func apply(_ proxy: Proxy) throws(HTTPTransportError) {
    // Otherwise fields for the server, the token among them, also go to the proxy, and the proxy's answer to
    // the reader.
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    switch proxy {
    case .environment: break
    case .none: try set(CURLOPT_NOPROXY, "*")
    case .url(let url):
      try set(CURLOPT_PROXY, url)
      // Not what `no_proxy` says.
      try set(CURLOPT_NOPROXY, "")
    }
  }

  private func apply(_ tls: TLSConfiguration) throws(HTTPTransportError) {
    try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    switch tls.trust {
    case .system: break
    case .authorities(let pem):
      try set(pem, file: CURLOPT_CAINFO, bytes: CURLOPT_CAINFO_BLOB)
      // The system's directory of authorities counts beside the file unless it is taken away.
      try set(CURLOPT_CAPATH, nil)
    case .insecureSkipVerify:
      try set(CURLOPT_SSL_VERIFYPEER, false)
      try set(CURLOPT_SSL_VERIFYHOST, false)
    }
    if let identity = tls.identity {
      try set(identity.certificate, file: CURLOPT_SSLCERT, bytes: CURLOPT_SSLCERT_BLOB)
      try set(identity.privateKey, file: CURLOPT_SSLKEY, bytes: CURLOPT_SSLKEY_BLOB)
    }
    if !tls.pinnedPublicKeys.isEmpty {
      try set(CURLOPT_PINNEDPUBLICKEY, tls.pinnedPublicKeys.map(\.description).joined(separator: ";"))
    }
  }

  // MARK: What one exchange has

  func apply(
    _ request: PreparedRequest, headerLines: CurlList, connectTo: CurlList
  ) throws(HTTPTransportError) {
    try set(CURLOPT_URL, request.target.url)
    try check(curl_set_list(easy, CURLOPT_CONNECT_TO, connectTo.first))
    // Waiting for a connection that may turn out to be shared pays with HTTP/2; without it, it would only let
    // one connection be made at a time.
    try set(CURLOPT_PIPEWAIT, request.target.isSecure)
    try set(CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout.milliseconds))
    try check(curl_set_list(easy, CURLOPT_HTTPHEADER, headerLines.first))
    if request.method == .head {
      try set(CURLOPT_NOBODY, true)
    } else {
      if request.method.alwaysHasBody || !request.body.isEmpty { try set(body: request.body) }
      try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
      // Refuses by Content-Length before the first byte arrives.
      if case .whole(let limit) = request.mode {
        try check(curl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(limit)))
      }
    }
  }

  private func set(body: [UInt8]) throws(HTTPTransportError) {
    try set(CURLOPT_POST, true)
    // The size first: it says how much is copied.
    try check(curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
    let code = body.withUnsafeBytes { bytes in
      // An empty array has no address, and libcurl would take none for "ask the read callback".
      bytes.isEmpty
        ? curl_set_string(easy, CURLOPT_COPYPOSTFIELDS, "")
        : curl_set_string(
          easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    try check(code)
  }

  // MARK: Callbacks

  /// Directs libcurl's callbacks to the `ActiveTransfer` at `context`.
  func apply(
    callbacks context: UnsafeMutableRawPointer, messages: UnsafeMutablePointer<CChar>?
  ) throws(HTTPTransportError) {
    try check(curl_set_pointer(easy, CURLOPT_ERRORBUFFER, messages))
    for option in [CURLOPT_PRIVATE, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_PREREQDATA] {
      try check(curl_set_pointer(easy, option, context))
    }
    let onHeader: curl_data_callback = { line, _, count, context in
      guard let context, let line else { return 0 }
      let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.receiveHeaderLine(UnsafeRawBufferPointer(start: line, count: count)) ? count : 0
    }
    let onBody: curl_data_callback = { bytes, _, count, context in
      guard let context, let bytes else { return 0 }
      let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    try check(curl_set_callback(easy, CURLOPT_HEADERFUNCTION, onHeader))
    try check(curl_set_callback(easy, CURLOPT_WRITEFUNCTION, onBody))
    let code = curl_set_request_callback(easy) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      let transfer = Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.willSend() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
    try check(code)
  }

  // MARK: One option

  private func set(_ option: CURLoption, _ value: Int) throws(HTTPTransportError) {
    try check(curl_set_long(easy, option, value))
  }

  private func set(_ option: CURLoption, _ value: Bool) throws(HTTPTransportError) {
    try set(option, value ? 1 : 0)
  }

  private func set(_ option: CURLoption, _ value: String?) throws(HTTPTransportError) {
    try check(curl_set_string(easy, option, value))
  }

  private func set(_ pem: PEM, file: CURLoption, bytes: CURLoption) throws(HTTPTransportError) {
    switch pem {
    case .file(let path): try set(file, path)
    case .bytes(let text):
      try check(text.withUnsafeBytes { curl_set_blob(easy, bytes, $0.baseAddress, $0.count) })
    }
  }

  private func check(_ code: CURLcode) throws(HTTPTransportError) {
    guard code == CURLE_OK else {
      throw HTTPTransportError(
        .failed, "libcurl refused an option", detail: String(cString: curl_easy_strerror(code)),
        requestMayHaveBeenSent: false)
    }
  }
}
