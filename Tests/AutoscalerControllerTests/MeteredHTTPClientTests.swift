import Testing

@testable import AutoscalerController

@Suite("Counting requests to the API server")
struct MeteredHTTPClientTests {
  @Test(
    "a series is for a resource, never for an object",
    arguments: [
      ("https://10.0.0.1:443/api/v1/namespaces/a/configmaps/b", "configmaps"),
      ("https://10.0.0.1/apis/apps/v1/namespaces/a/deployments/b/scale?dryRun=All", "deployments/scale"),
      ("https://10.0.0.1/apis/apps/v1/namespaces/a/deployments?watch=true", "deployments"),
      ("https://10.0.0.1/apis/apps/v1/deployments", "deployments"),
      ("https://10.0.0.1/api/v1/namespaces/a", "namespaces"),
      (
        "https://10.0.0.1/prefix/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "selfsubjectaccessreviews"
      ),
      ("https://10.0.0.1/apis/keda.sh/v1alpha1", "discovery"), ("https://10.0.0.1/version", "other"),
    ])
  func resource(url: String, expected: String) {
    #expect(MeteredHTTPClient.resource(in: url) == expected)
  }
}
