internal import HTTPTransport
public import JSON

extension KubernetesClient {
  // MARK: Any resource

  /// Reads an object.
  public func get(
    _ resource: APIResource, _ name: String, in namespace: String?, subresource: String? = nil,
    deadline: Duration? = nil
  ) async throws(KubernetesError) -> JSONValue {
    try await send(
      APIRequest(
        .get, resource.path(namespace: namespace, name: name, subresource: subresource),
        to: Self.action("get", resource, name, namespace, subresource), deadline: deadline))
  }

  /// How many objects of a list come in one answer.
  private static let pageSize = 500

  /// Reads all selected objects as they were at one version, in as many answers as that takes.
  /// - Throws: `gone` when the server forgot that version before the last answer: begin again.
  public func list<Object: KubernetesObject>(
    _ type: Object.Type = Object.self, _ resource: APIResource, _ selection: Selection,
    limit: Int = 10_000, repetition: APIRequest.Repetition = .always
  ) async throws(KubernetesError) -> ObjectList<Object> {
    var items: [Object] = []
    var next: String?
    let action = Self.action("list", resource, nil, selection.namespace, nil)
    let path = try resource.path(namespace: selection.namespace)
    while true {
      var query = selection.query + [("limit", String(Self.pageSize))]
      if let next { query.append(("continue", next)) }
      let page = try await send(
        APIRequest(.get, path, to: action, query: query, repetition: repetition))
      let metadata = try Self.append(page, to: &items)
      guard items.count <= limit else {
        throw KubernetesError(.invalidReply, "could not \(action): there are more than \(limit) objects")
      }
      next = try metadata.string("continue")
      if next ?? "" == "" {
        return ObjectList(items: items, resourceVersion: try metadata.string("resourceVersion") ?? "")
      }
    }
  }

  /// Reads the objects of one answer. Not inlined: a task keeps the memory of its functions' largest frames for as
  /// long as it runs, and many list once and then run for ever.
  /// - Returns: The answer's metadata.
  @inline(never)
  private static func append<Object: KubernetesObject>(
    _ page: JSONValue, to items: inout [Object]
  ) throws(KubernetesError) -> ObjectReader {
    let reader = try ObjectReader(page, "the list")
    for item in try reader.list("items") { items.append(try Object(item)) }
    return try reader.nested("metadata")
  }

  /// Makes an object. It is sent once: when the answer is lost, the object may be there.
  public func create(
    _ resource: APIResource, _ json: JSONValue, in namespace: String?, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    try await write(
      .post, resource, nil, namespace, nil, verb: "create", body: json, options: options)
  }

  /// Replaces an object. With a `resourceVersion` in it, only if that is still the object's.
  public func replace(
    _ resource: APIResource, _ name: String, _ json: JSONValue, in namespace: String?,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    try await write(.put, resource, name, namespace, nil, verb: "replace", body: json, options: options)
  }

  /// Changes an object, or a subresource of it.
  public func patch(
    _ resource: APIResource, _ name: String, _ patch: JSONValue, type: APIRequest.PatchType = .merge,
    in namespace: String?, subresource: String? = nil, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    try await write(
      .patch, resource, name, namespace, subresource, verb: "patch", body: patch,
      contentType: type.rawValue, options: options)
  }

  /// Asks for an object to go. What depends on it goes later.
  public func delete(
    _ resource: APIResource, _ name: String, in namespace: String?, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) {
    _ = try await write(
      .delete, resource, name, namespace, nil, verb: "delete",
      body: ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"],
      options: options)
  }

  private func write(
    _ method: HTTPMethod, _ resource: APIResource, _ name: String?, _ namespace: String?,
    _ subresource: String?, verb: String, body: JSONValue, contentType: String = "application/json",
    options: WriteOptions
  ) async throws(KubernetesError) -> JSONValue {
    var query: [(name: String, value: String)] = []
    if options.isDryRun { query.append(("dryRun", "All")) }
    if method != .delete {
      query.append(("fieldManager", options.fieldManager ?? configuration.fieldManager))
    }
    return try await send(
      APIRequest(
        method, resource.path(namespace: namespace, name: name, subresource: subresource),
        to: Self.action(verb, resource, name, namespace, subresource), query: query, body: body,
        contentType: contentType, deadline: options.deadline,
        // Nothing is kept of it.
        repetition: options.isDryRun ? .always : .ifNothingHappened))
  }

  /// What messages call a request: `patch deployments.apps/scale web in default`.
  static func action(
    _ verb: String, _ resource: APIResource, _ name: String?, _ namespace: String?, _ subresource: String?
  ) -> String {
    var words = "\(verb) \(resource)"
    if let subresource { words += "/\(subresource)" }
    if let name { words += " \(name)" }
    if resource.isNamespaced { words += namespace.map { " in \($0)" } ?? " in all namespaces" }
    return words
  }

  // MARK: Known kinds

  /// Reads an object.
  public func get<Object: ResourceObject>(
    _ type: Object.Type = Object.self, _ name: String, in namespace: String?, deadline: Duration? = nil
  ) async throws(KubernetesError) -> Object {
    try Object(await get(Object.resource, name, in: namespace, deadline: deadline))
  }

  /// Reads all selected objects.
  public func list<Object: ResourceObject>(
    _ type: Object.Type = Object.self, _ selection: Selection
  ) async throws(KubernetesError) -> ObjectList<Object> {
    try await list(Object.self, Object.resource, selection)
  }

  /// Makes an object.
  public func create<Object: WritableObject>(
    _ object: Object, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> Object {
    try Object(
      await create(Object.resource, object.json, in: object.metadata.namespace, options: options))
  }

  /// Replaces an object, only if its `resourceVersion` is still the object's.
  public func replace<Object: WritableObject>(
    _ object: Object, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> Object {
    try Object(
      await replace(
        Object.resource, object.metadata.name, object.json, in: object.metadata.namespace, options: options))
  }

  // MARK: Annotations

  /// Sets annotations of one object, and leaves its others as they are.
  /// - Parameters:
  ///   - uid: Which object of that name is meant.
  ///   - annotations: The new values; nil takes an annotation away.
  ///   - resourceVersion: The version that it must have still; nil for any.
  /// - Throws: `conflict` when another object has the name now, or it has another version.
  public func annotate<Object: ResourceObject>(
    _ type: Object.Type = Object.self, _ name: String, in namespace: String?, uid: String,
    _ annotations: [String: String?], resourceVersion: String? = nil, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> Object {
    // In a merge patch, null removes.
    let values = annotations.mapValues { $0.map(JSONValue.string) ?? .null }
    var metadata: [String: JSONValue] = [
      "uid": .string(uid), "annotations": .object(JSONObject(sorted: values)),
    ]
    metadata["resourceVersion"] = resourceVersion.map(JSONValue.string)
    let patch: JSONValue = ["metadata": .object(JSONObject(sorted: metadata))]
    do {
      return try Object(await self.patch(Object.resource, name, patch, in: namespace, options: options))
    } catch {
      // Some servers call another id a conflict, others a change of what cannot be changed.
      guard error.status?.details?.causes.contains(where: { $0.field == "metadata.uid" }) == true else {
        throw error
      }
      throw KubernetesError(.conflict, error.message, httpStatus: error.httpStatus, status: error.status)
    }
  }

  // MARK: Scale

  /// Reads how many replicas an object of any scalable kind has.
  public func scale(
    of resource: APIResource, _ name: String, in namespace: String, deadline: Duration? = nil
  ) async throws(KubernetesError) -> Scale {
    try Scale(await get(resource, name, in: namespace, subresource: "scale", deadline: deadline))
  }

  /// Sets how many replicas an object of any scalable kind is to have.
  /// - Parameter resourceVersion: The version that the decision is based on.
  /// - Throws: `conflict` when the object has changed since: read and decide again.
  public func setReplicas(
    of resource: APIResource, _ name: String, in namespace: String, to replicas: Int, resourceVersion: String,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> Scale {
    let patch: JSONValue = [
      "metadata": ["resourceVersion": .string(resourceVersion)],
      "spec": ["replicas": .integer(replicas)],
    ]
    return try Scale(
      await self.patch(
        resource, name, patch, in: namespace, subresource: "scale", options: options))
  }

  // MARK: Questions

  /// Asks whether the caller may do something. Changes nothing, and a read-only client may ask too.
  public func review(_ question: AccessReview.Question) async throws(KubernetesError) -> AccessReview {
    let resource = APIResource.selfSubjectAccessReviews
    let what = [question.resource, question.subresource].compactMap(\.self).joined(separator: "/")
    return try AccessReview(
      await send(
        APIRequest(
          .post, resource.path(), to: "ask whether \(question.verb) \(what) is allowed", body: question.json,
          repetition: .always)))
  }

  /// The server's version, such as `v1.20.2`.
  public func version() async throws(KubernetesError) -> String {
    let json = try await send(APIRequest(.get, "/version", to: "get the server's version"))
    guard let version = json["gitVersion"]?.string else {
      throw KubernetesError(.invalidReply, "could not get the server's version: there is none in the answer")
    }
    return version
  }

  /// Finds the resource of a kind, as documents name it.
  /// - Throws: `notFound` when the server does not serve such a kind.
  public func resource(apiVersion: String, kind: String) async throws(KubernetesError) -> APIResource {
    let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !["", ".", ".."].contains($0) }) else {
      throw KubernetesError(.invalidRequest, "\"\(apiVersion)\" is not an apiVersion")
    }
    let path = (parts.count == 1 ? ["api"] : ["apis"]) + parts.map(\.percentEncoded)
    let action = "find \(kind) in \(apiVersion)"
    let json = try await send(APIRequest(.get, "/" + path.joined(separator: "/"), to: action))
    for resource in json["resources"]?.array ?? [] where resource["kind"]?.string == kind {
      // Subresources are listed beside, as `deployments/scale`.
      guard let name = resource["name"]?.string, !name.contains("/") else { continue }
      return APIResource(
        group: parts.count == 1 ? "" : parts[0], version: parts[parts.count - 1], plural: name, kind: kind,
        isNamespaced: resource["namespaced"]?.bool ?? true)
    }
    throw KubernetesError(.notFound, "could not \(action): the server has no such kind")
  }
}
