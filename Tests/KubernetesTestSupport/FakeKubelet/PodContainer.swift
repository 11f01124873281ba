internal import JSON
internal import KubernetesClient
internal import TestSupport

/// The only container of a pod, as the pod's spec describes it, with the parts that workers' pods use.
struct PodContainer: Sendable {
  let name: String
  let image: String
  /// What runs, the program's path first.
  let command: [String]
  /// What runs before the container is asked to end; nil for nothing.
  let preStop: [String]?
  let environment: [String: String]

  /// - Parameter directory: Where the container may write.
  /// - Throws: `Failure` where the spec wants what a fake kubelet does not have.
  init(of pod: ObservedPod, images: [String: String], directory: String) throws {
    let containers = pod.json["spec"]?["containers"]?.array ?? []
    guard containers.count == 1, let container = containers.first, let name = container["name"]?.string,
      let image = container["image"]?.string, let program = images[image]
    else { throw Failure("\(pod.name) has not one container with an image that is known") }
    self.name = name
    self.image = image
    func words(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
    // The first word is a path in the image, which has no files here.
    let arguments = words(container["command"]).dropFirst() + words(container["args"])
    command = [program] + arguments
    let hook = words(container["lifecycle"]?["preStop"]?["exec"]?["command"])
    preStop = hook.isEmpty ? nil : [program] + hook.dropFirst()
    var environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOSTNAME": pod.name, "TMPDIR": directory,
    ]
    for variable in container["env"]?.array ?? [] {
      guard let name = variable["name"]?.string else { continue }
      environment[name] = try Self.value(of: variable, in: pod)
    }
    self.environment = environment
  }

  private static func value(of variable: JSONValue, in pod: ObservedPod) throws -> String {
    guard let source = variable["valueFrom"] else { return variable["value"]?.string ?? "" }
    switch source["fieldRef"]?["fieldPath"]?.string {
    case "metadata.name": return pod.name
    case "metadata.namespace": return pod.metadata.namespace ?? ""
    case "metadata.uid": return pod.uid
    case "spec.nodeName": return pod.pod.nodeName ?? ""
    default: throw Failure("\(pod.name) has a variable from \(source.text()), which is not known")
    }
  }
}
