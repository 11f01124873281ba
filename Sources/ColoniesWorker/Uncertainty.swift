/// A request for work whose answer was lost: the server may have granted it, then or a little later.
struct Uncertainty {
  /// When the first such request was sent: no lease that came of it began earlier.
  let since: Duration
  /// From when on the server cannot hold such a request any more.
  var until: Duration
}
