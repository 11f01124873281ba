internal import Colonies
internal import ColoniesClient

/// Where a server is and how to speak to it.
struct ServerSettings: Sendable, Hashable {
  var endpoint: Endpoint
  /// Whether the server's certificate has to be one that is trusted.
  var verifiesCertificate = true
  /// A file with the certificates of the authorities to trust instead of the system's.
  var authorityFile: String?
  /// The API to use, or nil to find out.
  var api: API?
}
