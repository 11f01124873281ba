/// A request for work whose answer was lost: the server may have granted it, then or a little later.
struct Uncertainty {
  /// No lease that came of it and was not found yet began earlier: when the first such request was sent, or the
  /// latest search began.
  var since: Duration
  /// From when on the server cannot hold such a request any more. Nil while the server stands still: it may not have
  /// come to the request yet.
  var until: Duration?
}
