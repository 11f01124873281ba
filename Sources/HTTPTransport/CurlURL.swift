internal import CCurl

/// A parsed URL. Not Sendable: it lives on the stack of whoever parses.
final class CurlURL {
  private let handle: OpaquePointer
  /// Why the last change was refused.
  private(set) var problem: String?

  /// Returns nil only when there is no memory.
  private init?() {
    guard let handle = curl_url() else { return nil }
    self.handle = handle
  }

  /// Parses a URL of any scheme, which may contain a user name. Returns nil when it is not valid.
  convenience init?(_ text: String) {
    self.init()
    guard set(CURLUPART_URL, text, flags: CURLU_NON_SUPPORT_SCHEME) else { return nil }
  }

  /// Parses a request's URL.
  /// - Throws: What is wrong with it, without the text itself, as that may contain a password.
  static func request(_ text: String) throws(HTTPTransportError) -> CurlURL {
    guard let url = CurlURL() else { throw invalid("no memory") }
    guard url.set(CURLUPART_URL, text, flags: CURLU_DISALLOW_USER) else { throw invalid(url.problem) }
    guard let scheme = url.part(CURLUPART_SCHEME), ["http", "https"].contains(scheme) else {
      throw invalid("its scheme is neither http nor https")
    }
    // libcurl also takes one slash or three, and would make the path's first part a host.
    let rest = text.dropFirst(scheme.count)
    guard rest.hasPrefix("://"), !rest.hasPrefix(":///") else {
      throw invalid("there is no host behind two slashes")
    }
    return url
  }

  deinit { curl_url_cleanup(handle) }

  /// Changes a part; returns false and sets `problem` when the text does not fit there.
  func set(_ part: CURLUPart, _ text: String, flags: Int32 = 0) -> Bool {
    // C would see only what is before the zero.
    guard !text.utf8.contains(0) else {
      problem = "it contains a zero byte"
      return false
    }
    let code = curl_url_set(handle, part, text, UInt32(flags))
    guard code != CURLUE_OK else { return true }
    problem = String(cString: curl_url_strerror(code))
    return false
  }

  /// The part's text, or nil when the URL has none.
  func part(_ part: CURLUPart, flags: Int32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  private static func invalid(_ problem: String?) -> HTTPTransportError {
    HTTPTransportError(
      .invalidRequest, "the URL is not valid", detail: problem, requestMayHaveBeenSent: false)
  }
}
