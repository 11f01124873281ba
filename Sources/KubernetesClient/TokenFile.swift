internal import Files
internal import HTTPTransport

/// A token in a file that somebody else writes anew now and then, as Kubernetes does with service accounts'.
struct TokenFile: Sendable {
  /// How old a look at the file may be. Looking costs two system calls; reading happens when there is a change.
  static let checkInterval = Duration.seconds(10)
  /// Tokens are a few kilobytes.
  private static let maximumBytes = 1 << 20

  let path: String
  private var token: BearerToken?
  private var version: FileVersion?
  private var checked: Duration?

  init(path: String) { self.path = path }

  /// The token. When the file cannot be read, that is the last good one, as long as there is one.
  mutating func current(at now: Duration) throws(KubernetesError) -> BearerToken {
    if let token, let checked, now - checked < Self.checkInterval { return token }
    checked = now
    // Before reading: a change in between is seen the next time.
    let present = try? FileVersion(of: path)
    if let token, present == nil || present == version { return token }
    do {
      let text = try File.text(path, limit: Self.maximumBytes).trimmed
      guard !text.isEmpty else { throw KubernetesError(.noCredentials, "the token file \(path) is empty") }
      let new = BearerToken(text)
      token = new
      version = present
      return new
    } catch {
      if let token { return token }
      throw error as? KubernetesError ?? KubernetesError(.noCredentials, "\(error)")
    }
  }

  /// Makes the next use read the file, whatever its date says.
  mutating func forget() {
    checked = nil
    version = nil
  }
}
