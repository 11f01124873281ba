// Preloaded into a program, moves the date and time that it sees by the seconds in the file that MOVABLE_CLOCK names.
// What measures durations goes on as it is.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// Eight bytes of the file, which the test changes at any time.
static const volatile int64_t *offset;

__attribute__((constructor)) static void attach(void) {
  const char *file = getenv("MOVABLE_CLOCK");
  int descriptor = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
  void *address = descriptor < 0
      ? MAP_FAILED : mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, descriptor, 0);
  // Without it, nothing would move and the test would prove nothing.
  if (address == MAP_FAILED) abort();
  close(descriptor);
  offset = address;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  long result = syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *offset;
  return (int)result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
