internal import ArgumentParser

/// How times are shown.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of tables.")
  var json = false

  @Flag(help: "Show times in UTC instead of your time zone.")
  var utc = false

  func zone(_ session: Session) -> DisplayZone { utc ? .utc : session.zone }
}
