import YAML

/// The pods of a Deployment or a StatefulSet.
struct PodTemplate: Sendable {
  /// Whose pods they are.
  let owner: Manifest
  let labels: [String: String]
  let spec: YAMLNode
  let containers: [YAMLNode]

  /// - Returns: Nil when the object has no pods.
  init?(_ owner: Manifest) {
    guard let template = owner["spec"]?["template"], let spec = template["spec"] else { return nil }
    self.owner = owner
    self.spec = spec
    labels = template["metadata"]?["labels"]?.texts ?? [:]
    containers = ["initContainers", "containers"].flatMap { spec[$0]?.elements ?? [] }
  }

  /// What the restricted Pod Security standard, and this project beyond it, have against the pods.
  var problems: [String] {
    var problems: [String] = []
    func check(_ isFine: Bool, _ problem: String) {
      if !isFine { problems.append(problem) }
    }
    for field in ["hostNetwork", "hostPID", "hostIPC"] { check(spec[field] == nil, "has \(field)") }
    let allowed: Set = [
      "name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
      "projected",
      "secret",
    ]
    for volume in spec["volumes"]?.elements ?? [] {
      for entry in volume.mapping?.entries ?? [] {
        check(allowed.contains(entry.key), "volume of \(entry.key)")
      }
    }
    let security = spec["securityContext"]
    check(security?["runAsNonRoot"]?.scalar?.boolean == true, "runAsNonRoot is not true")
    check((security?["runAsUser"]?.scalar?.integer ?? 0) > 0, "runAsUser is no number above 0")
    check(security?["seccompProfile"]?["type"]?.text == "RuntimeDefault", "no seccomp profile")
    check(spec["enableServiceLinks"]?.scalar?.boolean == false, "Services set variables")
    check(spec["automountServiceAccountToken"] != nil, "does not say whether it needs a token")
    check(!containers.isEmpty, "no containers")
    for container in containers {
      let name = container["name"]?.text ?? "?"
      let security = container["securityContext"]
      check(
        security?["allowPrivilegeEscalation"]?.scalar?.boolean == false, "\(name): privileges can grow")
      check(security?["readOnlyRootFilesystem"]?.scalar?.boolean == true, "\(name): the root can be written")
      check(security?["capabilities"]?["drop"]?.list == ["ALL"], "\(name): keeps capabilities")
      check(security?["capabilities"]?["add"] == nil, "\(name): adds capabilities")
      for field in ["privileged", "runAsUser", "runAsNonRoot", "procMount", "seccompProfile"] {
        check(security?[field] == nil, "\(name): its own \(field)")
      }
      for port in container["ports"]?.elements ?? [] {
        check(port["hostPort"] == nil, "\(name): a port of the host")
      }
      let resources = container["resources"]
      check(resources?["requests"]?["cpu"] != nil, "\(name): requests no CPU")
      check(resources?["requests"]?["memory"] != nil, "\(name): requests no memory")
      check(resources?["limits"]?["memory"] != nil, "\(name): no limit on memory")
      let tag = container["image"]?.text?.split(separator: ":").dropFirst().last
      check(tag != nil && tag != "latest", "\(name): an image without a version")
    }
    return problems
  }

  /// Where a file of a Secret is for a container, as `path: key`.
  var secretFiles: [String: String] {
    var files: [String: String] = [:]
    let volumes = spec["volumes"]?.elements ?? []
    for mount in containers.flatMap({ $0["volumeMounts"]?.elements ?? [] }) {
      guard let volume = volumes.first(where: { $0["name"]?.text == mount["name"]?.text }),
        let folder = mount["mountPath"]?.text
      else { continue }
      for item in volume["secret"]?["items"]?.elements ?? [] {
        files["\(folder)/\(item["path"]?.text ?? "")"] = item["key"]?.text
      }
    }
    return files
  }
}
