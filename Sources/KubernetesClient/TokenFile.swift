internal import HTTPTransport

/// A token in a file that somebody else writes anew now and then, as Kubernetes does with service accounts'.
struct TokenFile: Sendable {
  /// How old a look at the file may be. Looking costs two system calls; reading happens when there is a change.
  static let checkInterval = Duration.seconds(10)
  /// Tokens are a few kilobytes.
  private static let maximumBytes = 1 << 20

  let path: String
  private var token: BearerToken?
  private var fingerprint: File.Fingerprint?
  private var checked: Duration?

  init(path: String) { self.path = path }

  /// The token. When the file cannot be read, that is the last good one, as long as there is one.
  mutating func current(at now: Duration) throws(KubernetesError) -> BearerToken {
    if let token, let checked, now - checked < Self.checkInterval { return token }
    checked = now
    // Before reading: a change in between is seen the next time.
    let present = File.fingerprint(path)
    if let token, present == nil || present == fingerprint { return token }
    do {
      let text = String(decoding: try File.read(path, maxBytes: Self.maximumBytes), as: UTF8.self).trimmed
      guard !text.isEmpty else { throw KubernetesError(.noCredentials, "the token file \(path) is empty") }
      let new = BearerToken(text)
      token = new
      fingerprint = present
      return new
    } catch {
      if let token { return token }
      throw error as? KubernetesError ?? KubernetesError(.noCredentials, "\(error)")
    }
  }

  /// Makes the next use read the file, whatever its date says.
  mutating func forget() {
    checked = nil
    fingerprint = nil
  }
}
