import Colonies
import ColoniesClient
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

/// The real autoscaler between a real queue and a real API server. It has the rights of a service account to which
/// an administrator gave what `colonies-autoscaler rbac` printed, and nothing else.
///
/// The suites inside share the API server and run beside each other; in each, one test follows the other.
@Suite("The autoscaler in a cluster", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct ClusterTests {
  /// The API server of the test that runs.
  static func cluster() throws -> APIServer {
    guard let server = APIServerTrait.server else { throw Failure("the test has no API server") }
    return server
  }
}
