internal import KubernetesClient

extension TargetError {
  /// What an API server's answer means for a scaler.
  init(_ error: KubernetesError) {
    let code: Code =
      switch error.code {
      case .conflict: .conflict
      case .notFound: .notFound
      case .forbidden, .unauthorized, .noCredentials: .denied
      case .invalid, .invalidRequest, .refused: .refused
      default: .unavailable
      }
    self.init(code, error.message)
  }
}
