// libcurl as an event-driven program uses it: the multi interface with socket actions, over epoll, one easy handle a
// connection kept for all its requests. With BENCH_DECODE=dom each body goes through a Boost.JSON document into the
// struct.
#include "decode_dom.hpp"
#include "peer.hpp"

#include <curl/curl.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct transfer {
  CURL* easy = nullptr;
  std::string body;
  bench::tally::clock::time_point sent;
};

class loop {
public:
  loop(bench::peer_task const& task, bench::tally& tally, bool decode)
      : tally_(tally), decode_(decode), transfers_(task.connections) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &loop::watch);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &loop::set_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(task.connections));
    fields_ = curl_slist_append(fields_, "Accept: application/json");
    if (!task.session_token.empty())
      fields_ = curl_slist_append(fields_, ("vmware-api-session-id: " + task.session_token).c_str());
    for (transfer& t : transfers_)
      prepare(t, task);
  }
  ~loop() {
    for (transfer& t : transfers_) {
      curl_multi_remove_handle(multi_, t.easy);
      curl_easy_cleanup(t.easy);
    }
    curl_multi_cleanup(multi_);
    curl_slist_free_all(fields_);
    ::close(epoll_);
  }
  loop(loop const&) = delete;
  loop& operator=(loop const&) = delete;

  void run() {
    for (transfer& t : transfers_)
      if (tally_.take())
        start(t, bench::tally::clock::now());
    epoll_event events[128];
    int running = 0;
    while (!tally_.complete()) {
      int const n = ::epoll_wait(epoll_, events, 128, static_cast<int>(timeout_ms_));
      if (n == 0) {
        timeout_ms_ = -1;
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
      }
      for (int i = 0; i < n; ++i)
        curl_multi_socket_action(multi_, events[i].data.fd, action_of(events[i].events), &running);
      if (n != 0 && timeout_ms_ == 0) { // libcurl asks to be called at once: what add_handle queued
        timeout_ms_ = -1;
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
      }
      finish_what_is_done();
    }
  }

private:
  static std::size_t receive(char* data, std::size_t, std::size_t size, void* to) {
    static_cast<transfer*>(to)->body.append(data, size);
    return size;
  }

  static int watch(CURL*, curl_socket_t fd, int what, void* self, void* known) {
    loop& l = *static_cast<loop*>(self);
    epoll_event interest{};
    interest.data.fd = fd;
    if (what == CURL_POLL_REMOVE)
      return ::epoll_ctl(l.epoll_, EPOLL_CTL_DEL, fd, nullptr), 0;
    if (what & CURL_POLL_IN)
      interest.events |= EPOLLIN;
    if (what & CURL_POLL_OUT)
      interest.events |= EPOLLOUT;
    ::epoll_ctl(l.epoll_, known != nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &interest);
    curl_multi_assign(l.multi_, fd, self);
    return 0;
  }

  static int set_timer(CURLM*, long timeout_ms, void* self) {
    static_cast<loop*>(self)->timeout_ms_ = timeout_ms;
    return 0;
  }

  static int action_of(std::uint32_t events) {
    int action = 0;
    if (events & EPOLLIN)
      action |= CURL_CSELECT_IN;
    if (events & EPOLLOUT)
      action |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP))
      action |= CURL_CSELECT_ERR;
    return action;
  }

  void prepare(transfer& t, bench::peer_task const& task) {
    t.easy = curl_easy_init();
    curl_easy_setopt(t.easy, CURLOPT_URL, (task.url + task.path).c_str());
    curl_easy_setopt(t.easy, CURLOPT_CAINFO, task.ca_file.c_str());
    curl_easy_setopt(t.easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(t.easy, CURLOPT_HTTPHEADER, fields_);
    curl_easy_setopt(t.easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t.easy, CURLOPT_WRITEFUNCTION, &loop::receive);
    curl_easy_setopt(t.easy, CURLOPT_WRITEDATA, &t);
    curl_easy_setopt(t.easy, CURLOPT_PRIVATE, &t);
  }

  void start(transfer& t, bench::tally::clock::time_point now) {
    t.sent = now;
    t.body.clear();
    curl_multi_add_handle(multi_, t.easy);
  }

  void finish_what_is_done() {
    int left = 0;
    while (CURLMsg const* message = curl_multi_info_read(multi_, &left)) {
      CURL* const easy = message->easy_handle; // the message does not outlive remove_handle
      CURLcode const result = message->data.result;
      transfer* t = nullptr;
      long status = 0, connects = 0;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
      curl_multi_remove_handle(multi_, easy);
      if (connects != 0)
        tally_.connection_opened();
      auto const now = count(*t, result, status);
      if (tally_.take())
        start(*t, now);
    }
  }

  bench::tally::clock::time_point count(transfer& t, CURLcode result, long status) {
    if (result != CURLE_OK || status != 200) {
      if (failures_++ == 0)
        std::fprintf(stderr, "curl: %s, status %ld\n", curl_easy_strerror(result), status);
      return tally_.failed(t.sent);
    }
    if (!decode_)
      return tally_.succeeded(t.sent);
    hvc::sync_info const info = bench::decode_dom(t.body);
    return tally_.succeeded(t.sent, &info);
  }

  bench::tally& tally_;
  bool decode_;
  CURLM* multi_ = curl_multi_init();
  curl_slist* fields_ = nullptr;
  int epoll_ = ::epoll_create1(0);
  long timeout_ms_ = -1;
  unsigned long failures_ = 0;
  std::vector<transfer> transfers_;
};

} // namespace

int main(int argc, char** argv) {
  bench::peer_task const task = bench::parse_peer_task(argc, argv);
  char const* const decode = std::getenv("BENCH_DECODE");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  bench::tally tally(task);
  loop(task, tally, decode != nullptr && std::string(decode) == "dom").run();
  return tally.report();
}
