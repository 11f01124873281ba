internal import CCurl

/// What a code of libcurl means here.
struct CurlFailure {
  let code: HTTPTransportError.Code

  /// - Parameters:
  ///   - words: What libcurl says beside its code.
  ///   - wasSent: Whether the request was on its way.
  init(code: CURLcode, words: String, wasSent: Bool) {
    self.code =
      switch code {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolutionFailed
      case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED: .connectionFailed
      // The only time limit that libcurl is given.
      case CURLE_OPERATION_TIMEDOUT: .connectTimedOut
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_PINNEDPUBKEYNOTMATCH,
        CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND,
        CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
        .tlsFailed
      case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
        CURLE_HTTP2_STREAM, CURLE_SSL_SHUTDOWN_FAILED:
        Self.lost(words, wasSent: wasSent)
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .invalidResponse
      case CURLE_FILESIZE_EXCEEDED: .responseTooLarge
      case CURLE_URL_MALFORMAT: .invalidRequest
      default: .failed
      }
  }

  private static func lost(_ words: String, wasSent: Bool) -> HTTPTransportError.Code {
    // In TLS 1.3 a server refuses the client's certificate when the client takes the connection for made.
    if words.split(separator: " ").contains("alert") { return .tlsFailed }
    return wasSent ? .connectionLost : .connectionFailed
  }
}
