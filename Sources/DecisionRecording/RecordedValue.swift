internal import Autoscaling
internal import Base64
internal import JSON

/// A value of a recording, with the path to it. Reading is strict: nothing is converted, and nothing is assumed.
struct RecordedValue {
  let json: JSONValue
  let path: String

  func string() throws(RecordingError) -> String {
    guard let text = json.string else { throw mismatch("a text") }
    return text
  }

  func integer() throws(RecordingError) -> Int {
    guard let number = json.int else { throw mismatch("a whole number") }
    return number
  }

  func fraction() throws(RecordingError) -> Double {
    guard let number = json.double, number.isFinite else { throw mismatch("a number") }
    return number
  }

  func bool() throws(RecordingError) -> Bool {
    guard let value = json.bool else { throw mismatch("true or false") }
    return value
  }

  func duration() throws(RecordingError) -> Duration {
    guard case .number(let text) = json, let duration = Duration(exactSeconds: text) else {
      throw mismatch("a number of seconds with at most 18 decimals")
    }
    return duration
  }

  func instant() throws(RecordingError) -> ScalingInstant { ScalingInstant(offset: try duration()) }

  func bytes() throws(RecordingError) -> [UInt8] {
    guard let text = json.string, let bytes = Base64.decode(text) else { throw mismatch("base64") }
    return bytes
  }

  /// A value of a type whose raw values are its names.
  func name<Name>(_: Name.Type) throws(RecordingError) -> Name
  where Name: RawRepresentable<String> & CaseIterable {
    guard let text = json.string, let name = Name(rawValue: text) else {
      throw mismatch("one of \(Name.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return name
  }

  func list<Element>(
    _ read: (RecordedValue) throws(RecordingError) -> Element
  ) throws(RecordingError) -> [Element] {
    guard let elements = json.array else { throw mismatch("a list") }
    var list: [Element] = []
    for (index, element) in elements.enumerated() {
      list.append(try read(RecordedValue(json: element, path: "\(path)[\(index)]")))
    }
    return list
  }

  /// Reads an object's fields.
  /// - Throws: also when `read` leaves a field unread: a field that is not understood may matter.
  func object<Value>(
    _ read: (inout RecordedFields) throws(RecordingError) -> Value
  ) throws(RecordingError) -> Value {
    guard let object = json.object else { throw mismatch("an object") }
    var fields = try RecordedFields(object, path: path)
    let value = try read(&fields)
    try fields.end()
    return value
  }

  /// Reads a case that comes with a value: an object with the case's name as its only key.
  func choice() throws(RecordingError) -> (name: String, value: RecordedValue) {
    guard let object = json.object, object.members.count == 1, let member = object.members.first else {
      throw mismatch("an object with one key")
    }
    return (member.key, RecordedValue(json: member.value, path: RecordedFields.path(path, member.key)))
  }

  func mismatch(_ expected: String) -> RecordingError {
    RecordingError(field: path, expected: expected, found: json)
  }
}
