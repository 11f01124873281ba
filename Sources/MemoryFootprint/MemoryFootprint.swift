internal import CMalloc

/// Keeps the resident memory of a program that starts with much work, and then does little for months, at what the
/// little needs.
package enum MemoryFootprint {
  /// Lets threads that come share the heaps that are there. glibc otherwise makes up to eight for each core of the
  /// machine, which may be hundreds, and keeps in each what was once freed there. For programs whose threads seldom
  /// allocate at the same time; best called before there are many.
  package static func shareHeaps() {
    let isSet = mallopt(M_ARENA_MAX, 1) == 1
    precondition(isSet, "glibc can do with one heap")
  }

  /// Gives what is free on the heap back to the system.
  package static func trimHeap() { malloc_trim(0) }
}
