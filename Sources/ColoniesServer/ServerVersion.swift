/// The version that the server tells its clients.
enum ServerVersion {
  static let current = "1.0.0"
}
