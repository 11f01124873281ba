package import JSON

/// A decision that came out differently when it was made again.
package struct ReplayDifference: Sendable, Hashable {
  /// A field of the decision that differs.
  package struct Field: Sendable, Hashable {
    /// The path to the field: `replicas`, `limits[0].endsInSeconds`.
    package let path: String
    /// Its value in the recording; nil when it is not there.
    package let recorded: JSONValue?
    /// Its value now; nil when it is not there.
    package let replayed: JSONValue?
  }

  /// The line of the recording, the first one is 1.
  package let line: Int
  /// The scaler's name.
  package let scaler: String
  /// What differs; at least one.
  package let fields: [Field]
}

extension ReplayDifference.Field {
  /// Compares two values, down to the fields that differ.
  static func differences(
    recorded: JSONValue, replayed: JSONValue, path: String = ""
  ) -> [ReplayDifference.Field] {
    if recorded == replayed { return [] }
    switch (recorded, replayed) {
    case (.object(let old), .object(let new)):
      let (old, new) = (old.meaning, new.meaning)
      return Set(old.keys).union(new.keys).sorted().flatMap { key in
        differences(recorded: old[key], replayed: new[key], path: RecordedFields.path(path, key))
      }
    case (.array(let old), .array(let new)):
      return (0..<max(old.count, new.count)).flatMap { index in
        differences(
          recorded: recorded[index], replayed: replayed[index], path: "\(path)[\(index)]")
      }
    default: return [ReplayDifference.Field(path: path, recorded: recorded, replayed: replayed)]
    }
  }

  private static func differences(
    recorded: JSONValue?, replayed: JSONValue?, path: String
  ) -> [ReplayDifference.Field] {
    guard let recorded, let replayed else {
      return [ReplayDifference.Field(path: path, recorded: recorded, replayed: replayed)]
    }
    return differences(recorded: recorded, replayed: replayed, path: path)
  }
}
