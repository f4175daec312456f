#include "peer.hpp"

#include "allocations.hpp"
#include "command_line.hpp"
#include "value_hash.hpp"

#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

peer_task task_from(command_line const& line) {
  peer_task task;
  task.url = line.required("server");
  std::string const authority = task.url.substr(task.url.find("//") + 2);
  auto const colon = authority.rfind(':');
  if (!task.url.starts_with("https://") || colon == std::string::npos)
    throw usage_error("--server takes https://HOST:PORT");
  task.host = authority.substr(0, colon);
  task.port = authority.substr(colon + 1);
  task.ca_file = line.required("ca-file");
  task.path = "/api/hvc/links/" + line.required("link") + "/sync/providers/" + line.required("provider");
  if (line.has("session-token-file"))
    task.session_token = first_line_of(line.text("session-token-file"));
  task.connections = static_cast<unsigned>(line.number("connections", 64, 1));
  task.requests = line.number("requests", 100'000, 1);
  task.warmup = line.number("warmup", 0);
  task.hash = line.has("hash");
  return task;
}

} // namespace

peer_task parse_peer_task(int argc, char** argv) {
  static constexpr flag flags[] = {{"server"}, {"ca-file"},     {"link"},           {"provider"},          {"requests"},
                                   {"warmup"}, {"connections"}, {"hash", 0, false}, {"session-token-file"}};
  try {
    return task_from(command_line(argc, argv, flags));
  } catch (usage_error const& e) {
    std::fprintf(stderr, "%s\n", e.what());
    std::exit(2);
  }
}

tally::tally(peer_task const& task) : hash_(task.hash), warmup_(task.warmup), all_(task.warmup + task.requests) {
  if (warmup_ == 0)
    begin(clock::now());
}

void tally::begin(clock::time_point now) {
  began_ = now;
  cpu_began_ = process_cpu_us();
  allocations_began_ = allocations_of_this_thread();
}

bool tally::take() noexcept {
  if (taken_ == all_)
    return false;
  ++taken_;
  return true;
}

tally::clock::time_point tally::count(clock::time_point sent) {
  auto const now = clock::now();
  ++done_;
  if (done_ > warmup_) {
    ++figures_.requests;
    latencies_.add(now - sent);
  }
  if (done_ == warmup_)
    begin(now);
  if (done_ == all_) {
    ended_ = now;
    cpu_ended_ = process_cpu_us();
    allocations_ended_ = allocations_of_this_thread();
  }
  return now;
}

tally::clock::time_point tally::succeeded(clock::time_point sent, hvc::sync_info const* decoded) {
  if (decoded != nullptr) {
    seen_ += decoded->polling_interval_in_seconds;
    if (hash_ && done_ >= warmup_)
      hash_sum_ += value_hash(*decoded);
  }
  return count(sent);
}

tally::clock::time_point tally::failed(clock::time_point sent) {
  if (done_ >= warmup_)
    ++figures_.errors;
  return count(sent);
}

int tally::report() {
  auto const n = static_cast<double>(figures_.requests);
  figures_.seconds = std::chrono::duration<double>(ended_ - began_).count();
  figures_.requests_per_second = n / figures_.seconds;
  figures_.cpu_us_per_request = (cpu_ended_ - cpu_began_) / n;
  figures_.p50_us = latencies_.quantile_us(0.5);
  figures_.p99_us = latencies_.quantile_us(0.99);
  figures_.p999_us = latencies_.quantile_us(0.999);
  figures_.allocations_per_request = static_cast<double>(allocations_ended_ - allocations_began_) / n;
  figures_.peak_rss_kb = process_peak_rss_kb();
  if (hash_ && seen_ != 0)
    figures_.hash = hash_text(hash_sum_);
  std::fputs(to_json(figures_).c_str(), stdout);
  return figures_.errors == figures_.requests ? 1 : 0;
}

} // namespace bench
