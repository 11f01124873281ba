extension File {
  /// Whether there is anything under a path, at the end of all links.
  package static func exists(_ path: String) -> Bool { (try? FileVersion(of: path)) != nil }

  /// A path as seen from a folder, unless it is absolute.
  /// - Parameter folder: Empty for the present one.
  package static func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// The folder of a file; empty for the present one.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
