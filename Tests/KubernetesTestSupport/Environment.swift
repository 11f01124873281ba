internal import Glibc

/// The value of a variable of this process; nil when it is not set, or empty.
func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// A name that nothing else has, of letters that every kind of object may have in its name.
func uniqueName(_ prefix: String) -> String {
  "\(prefix)-\(String(UInt32.random(in: .min ... .max), radix: 16))"
}
