// libcurl as Swift can call it: its functions of many kinds of argument, one for each kind.
#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

static inline CURLcode curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_reader(CURL *handle, curl_read_callback read, void *of) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READDATA, of);
    return code ? code : curl_easy_setopt(handle, CURLOPT_READFUNCTION, read);
}

static inline CURLcode curl_set_writer(CURL *handle, curl_write_callback write, void *of) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, of);
    return code ? code : curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, write);
}

static inline CURLcode curl_set_seeker(CURL *handle, curl_seek_callback seek, void *of) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SEEKDATA, of);
    return code ? code : curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek);
}

static inline CURLcode curl_set_socket_opener(CURL *handle, curl_opensocket_callback open, void *of) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, of);
    return code ? code : curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open);
}

static inline long curl_response_code(CURL *handle) {
    long code = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code) ? 0 : code;
}

static inline CURLMcode curl_multi_set_number(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

static inline CURLcode curl_result(const CURLMsg *message) { return message->data.result; }

static inline CURLcode curl_begin(void) { return curl_global_init(CURL_GLOBAL_ALL); }

// A peer that hangs up shall not end the process.
static inline void curl_block_broken_pipes(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, 0);
}
