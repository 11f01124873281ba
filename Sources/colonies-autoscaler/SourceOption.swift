internal import ArgumentParser

/// Where a command reads the configuration.
struct SourceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration: a file, which may be a ConfigMap's manifest, or configmap/NAMESPACE/NAME in the cluster.",
      valueName: "source"))
  var config: String
}
