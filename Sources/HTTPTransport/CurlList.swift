internal import CCurl

/// A list of texts for libcurl, which uses it as long as the handle that it was given to.
final class CurlList {
  private(set) var first: UnsafeMutablePointer<curl_slist>?

  init(_ lines: [String]) {
    for line in lines { first = curl_slist_append(first, line) }
  }

  deinit { curl_slist_free_all(first) }
}
