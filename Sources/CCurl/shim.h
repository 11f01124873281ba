#pragma once
// Makes the handles distinct types, so that an easy handle cannot be passed for a multi handle.
#define CURL_STRICTER 1
#include <curl/curl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <time.h>

// libcurl's setters and getters take any type of argument, which Swift cannot call: one function for each.
static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}
// libcurl copies the bytes.
static inline CURLcode curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
  return curl_easy_setopt(handle, option, &blob);
}
typedef size_t (*curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode curl_set_callback(CURL *handle, CURLoption option, curl_data_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}
static inline CURLcode curl_set_request_callback(CURL *handle, curl_prereq_callback callback) {
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}
static inline CURLcode curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}
// The C library has it for everybody, and declares it for GNU programs only.
int pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *deadline);
// At most 15 bytes; the system cuts what is longer.
static inline void name_this_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
